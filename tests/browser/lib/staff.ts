/** A member of staff at a desk of 1440 x 900, signed in through the sign-in page. */
import { expect, type Browser, type Locator, type Page } from '@playwright/test'
import { ask } from './installation'
import { STAFF_PASSWORD } from './people'

export const DESK = { width: 1440, height: 900 }

/** Opens the sign-in page and gives the id of the captcha that it shows. */
export async function openSignIn(page: Page, path = '/office/login'): Promise<string> {
  const captcha = page.waitForResponse((answer) => answer.url().endsWith('/api/identity/captcha') && answer.ok())
  await page.goto(path)
  return ((await (await captcha).json()) as { id: string }).id
}

export const captchaAnswer = (id: string): Promise<string> => ask('captcha_answer', id)

export class Staff {
  private constructor(
    readonly page: Page,
    readonly account: string,
  ) {}

  static async signIn(browser: Browser, account: string, viewport = DESK): Promise<Staff> {
    const staff = await Staff.knock(browser, account, STAFF_PASSWORD, viewport)
    await expect(staff.page.getByRole('navigation').first()).toBeVisible()
    return staff
  }

  /** As far as the door lets this account in with this password. */
  static async knock(browser: Browser, account: string, password: string, viewport = DESK): Promise<Staff> {
    const context = await browser.newContext({ viewport })
    const staff = new Staff(await context.newPage(), account)
    const captcha = await openSignIn(staff.page)
    await staff.page.getByLabel('账号').fill(account)
    await staff.page.locator('input[name=password]').fill(password)
    await staff.page.locator('input[name=captcha]').fill(await captchaAnswer(captcha))
    await staff.page.getByRole('button', { name: '登录', exact: true }).click()
    return staff
  }

  /** What a journey needs to find in place is put there over the API, with this account's session. */
  async ask<T>(method: 'GET' | 'POST' | 'PATCH', path: string, data?: unknown): Promise<T> {
    const headers = { 'X-Anju-Client': 'office' }
    const answer = await this.page.context().request.fetch(`/api${path}`, { method, headers, data })
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true)
    return (await answer.json()) as T
  }

  /** Opens the case from the to-do list, claiming it when nobody has. */
  async open(number: string, node: string): Promise<void> {
    const { page } = this
    const row = page.getByRole('row').filter({ hasText: number }).filter({ hasText: node })
    await expect(async () => {
      await page.goto('/office/cases/todo')
      await page.getByLabel('搜索案件编号、申请人姓名').fill(number)
      await expect(row).toBeVisible({ timeout: 2_000 })
    }).toPass({ timeout: 60_000 })
    await row
      .getByRole('button', { name: '领取' })
      .or(row.getByRole('link', { name: '办理' }))
      .click()
    await expect(page.getByRole('region', { name: '办理', exact: true })).toBeVisible()
  }

  get bar(): Locator {
    return this.page.getByRole('region', { name: '办理', exact: true })
  }

  /** Chooses an outcome, writes the opinion, fills what else it asks for, and submits. */
  async decide(outcome: string, fill?: (form: Locator) => Promise<void>): Promise<void> {
    await this.bar
      .getByRole('group', { name: '办理结果' })
      .getByRole('button', { name: new RegExp(`^${outcome}\\s*\\d$`) })
      .click()
    await this.bar.getByRole('textbox').fill('情况属实，同意')
    if (fill) await fill(this.page.getByRole('region', { name: /需要填写$/ }))
    const moved = this.page.waitForResponse((answer) => /\/api\/cases\/\d+\/act$/.test(answer.url()))
    await this.bar.getByRole('button', { name: /^提交(\s|$)/ }).click()
    expect((await moved).status(), await (await moved).text()).toBe(200)
  }

  /** The whole of a step: from the list to the decision. */
  async handle(number: string, node: string, outcome: string, fill?: (form: Locator) => Promise<void>): Promise<void> {
    await this.open(number, node)
    await this.decide(outcome, fill)
  }

  async leave(): Promise<void> {
    await this.page.context().close()
  }
}
