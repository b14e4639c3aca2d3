/** Controls of the office that are more than an input: lists that open over the page, dates. */
import { expect, type Locator, type Page } from '@playwright/test'

/** Chooses from a list that opens over the page. */
export async function choose(scope: Page | Locator, label: string | RegExp, option: string | RegExp): Promise<void> {
  const page = 'page' in scope ? scope.page() : scope
  // What is chosen lies over the input, so the frame around both is clicked.
  const inside = page.getByRole('combobox', { name: label })
  await scope.locator('.el-select__wrapper').filter({ has: inside }).click()
  const found = page.getByRole('option', { name: option }).filter({ visible: true }).first()
  await found.click()
  await expect(found).toBeHidden()
}

/** Writes a date as a clerk types it. */
export async function writeDate(scope: Locator, label: string, day: string): Promise<void> {
  const box = scope.getByRole('combobox', { name: label })
  await box.fill(day)
  await box.press('Enter')
  await expect(box).toHaveValue(day)
}
