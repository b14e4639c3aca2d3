/** The application wizard, clicked through: the first pages on the phone, the rest on a desktop. */
import { expect } from '@playwright/test'
import type { Resident } from './resident'

/** Place, notice, commitment and the applicant's form; a typed line is left unsaved by any button. */
export async function fillOnPhone(resident: Resident): Promise<void> {
  const { page } = resident
  await page.goto('/apply')
  await page.getByRole('link', { name: '开始申请' }).click()
  await expect(page.getByRole('heading', { name: '在哪个区申请？' })).toBeVisible()
  await page.getByLabel('在哪个区申请').selectOption({ label: '江湾区' })
  await page.getByLabel('街道、乡镇').fill('望江街道')
  await resident.goOn()
  await page.getByText('我读完了').click()
  await resident.goOn()
  await page.getByText('我和家人同意以上承诺').click()
  await resident.goOn()
  await expect(page.getByRole('heading', { name: '说说你的情况' })).toBeVisible()
  await page.getByText('本市户籍', { exact: true }).click()
  await page.getByLabel('现在住的地址').fill('江湾区望江路 86 弄 12 号 301 室')
  const kept = page.waitForResponse((answer) => answer.url().endsWith('/pages/form') && answer.ok())
  await page.getByLabel('联系手机').fill(resident.person.phone)
  await page.getByLabel('现在住的地址').focus()
  await kept
}

/** On another device: everything is there; the remaining pages, the materials, the last look, submission. */
export async function finishOnDesktop(resident: Resident): Promise<string> {
  const { page, person } = resident
  await resident.signIn('/apply')
  await page.getByRole('link', { name: '接着填' }).last().click()
  await expect(page.getByRole('heading', { name: '说说你的情况' })).toBeVisible()
  await expect(page.getByLabel('现在住的地址')).toHaveValue('江湾区望江路 86 弄 12 号 301 室')
  await expect(page.getByLabel('联系手机')).toHaveValue(person.phone)
  await page.getByText('在职', { exact: true }).click()
  await page.getByLabel('单位名称').fill('澜州市启衡机械厂')
  await page.getByLabel('全家每个月收入多少').fill('5200')
  await resident.goOn()
  await expect(page.getByRole('heading', { name: '哪些人和你一起申请？' })).toBeVisible()
  await page
    .getByRole('button', { name: /^(去补上|修改)/ })
    .first()
    .click()
  await page.getByText('未婚', { exact: true }).click()
  await page.getByRole('button', { name: '写好了' }).click()
  await resident.goOn()
  await expect(page.getByRole('heading', { name: '你们一家现在住在哪里？' })).toBeVisible()
  await page.locator('label').filter({ hasText: '租' }).first().click()
  await page.getByLabel('租的房子在哪里').fill('望江路 86 弄')
  await page.getByLabel('每个月房租多少').fill('2300')
  await resident.goOn()
  await expect(page.getByRole('heading', { name: '家里有哪些财产？' })).toBeVisible()
  await resident.goOn()
  await expect(page.getByRole('heading', { name: '上传材料' })).toBeVisible()
  // A required class that is empty is named and keeps one here.
  await resident.goOn()
  await expect(page.getByRole('alert').first()).toContainText('身份')
  for (const klass of ['身份证件', '户口簿', '婚姻']) await resident.give(klass, klass)
  await expect(page.getByText('传好了')).toHaveCount(3, { timeout: 30_000 })
  await resident.goOn()
  await expect(page.getByRole('heading', { name: '提交前，再看一遍' })).toBeVisible()
  await expect(page.getByText('澜州市启衡机械厂')).toBeVisible()
  await page.getByText('我填的都是真的').click()
  await page.getByRole('button', { name: '确认，提交申请' }).click()
  await expect(page.getByRole('heading', { name: '申请交上去了' })).toBeVisible()
  const shown = (await page.locator('dt:has-text("申请编号") + dd').textContent()) ?? ''
  return shown.replace(/\s/g, '')
}
