/** A resident with a phone of 390 x 844, who clicks through the residents' site. */
import { expect, type Browser, type Page } from '@playwright/test'
import { codeAfter, messages } from './installation'
import { PASSWORD, type Person } from './people'
import { photo } from './photos'

export const PHONE = { width: 390, height: 844 }

export class Resident {
  private constructor(
    readonly page: Page,
    readonly person: Person,
  ) {}

  static async arrive(browser: Browser, person: Person, viewport = PHONE): Promise<Resident> {
    const phone = viewport.width < 600
    const context = await browser.newContext({ viewport, hasTouch: phone, isMobile: phone })
    return new Resident(await context.newPage(), person)
  }

  /** The choice of 澜州市: on the map by province, then in its list. */
  async chooseCity(): Promise<void> {
    const { page } = this
    await page.goto('/city')
    await page.getByRole('button', { name: /^浙江省/ }).click()
    const list = page.getByRole('button', { name: '选择城市' })
    if (await list.isVisible()) await list.click()
    await page.getByRole('button', { name: /澜州市/ }).click()
    await page.waitForURL('/')
  }

  /** Registers with the code that comes to the phone; ends on the page that asks for real-name verification. */
  async register(): Promise<void> {
    const { page, person } = this
    await page.goto('/register')
    await page.getByLabel('手机号').fill(person.phone)
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.getByLabel('短信里的 6 位数字').fill(await codeAfter(person.phone, 0))
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByLabel('设一个密码').fill(PASSWORD)
    await page.getByRole('button', { name: '注册' }).click()
    await expect(page.getByRole('heading', { name: '注册成功' })).toBeVisible()
  }

  async signIn(next = '/'): Promise<void> {
    const { page, person } = this
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
    await page.getByLabel('手机号').fill(person.phone)
    await page.getByLabel('密码', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.waitForURL(next)
  }

  async writeClaim(): Promise<void> {
    await this.page.getByLabel('姓名').fill(this.person.name)
    await this.page.getByLabel('证件号码').fill(this.person.idNumber)
  }

  /** Real-name verification that the bank answers at once. */
  async verifyByBank(): Promise<void> {
    const { page, person } = this
    await page.goto('/identity')
    await page.getByRole('link', { name: /银行用户认证/ }).click()
    await this.writeClaim()
    await page.getByLabel('银行卡号').fill('6222020200112233445')
    await page.getByLabel('在银行留的手机号').fill(person.phone)
    await page.getByRole('button', { name: '核对' }).click()
    await expect(page.getByRole('heading', { name: '实名认证通过了' })).toBeVisible()
  }

  /** Puts a picture where the button of this name asks for one. */
  async give(about: string, title: string): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser')
    await this.page.getByRole('button', { name: new RegExp(`^(从相册选|选照片)：${about}`) }).click()
    await (await chooser).setFiles(await photo(this.page, title))
  }

  async goOn(): Promise<void> {
    await this.page.getByRole('button', { name: '保存并继续' }).click()
  }

  /** Reads the code that an act sends to the phone. */
  async codeFrom(act: () => Promise<unknown>): Promise<string> {
    const before = (await messages(this.person.phone)).length
    await act()
    return codeAfter(this.person.phone, before)
  }

  async leave(): Promise<void> {
    await this.page.context().close()
  }
}
