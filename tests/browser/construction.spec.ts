/** A matter of construction as its people handle it: filed from the page, looked at, rolled back and modified, printed. */
import { expect, test, type Locator, type Page } from '@playwright/test'
import { choose, writeDate } from './lib/controls'
import { covers } from './lib/covers'
import { python } from './lib/installation'
import { Staff } from './lib/staff'

const NEED = [
  ['项目名称', '江湾滨河苑'],
  ['基地名称', '江湾基地'],
  ['地块编号', 'JW-09-01'],
  ['建设单位', '澜州江湾城建开发有限公司'],
  ['需求套数', '120'],
  ['供应均价', '8200.00'],
  ['办理事项', '文昌区旧改安置搭桥供应'],
] as const

const AGREED = [
  ['项目名称', '江湾滨河苑'],
  ['基地名称', '江湾基地'],
  ['地块编号', 'JW-09-01'],
  ['四至范围', '东至滨江大道，南至江湾路'],
  ['统一社会信用代码', '91339901MA2K1DV01X'],
  ['项目公司', '澜州江湾大居项目有限公司'],
  ['建房协议价格', '7850.00'],
  ['未尽事宜', '未尽事宜由双方另行协商'],
  ['建设单位意见', '同意按本协议建设'],
] as const

/** The text of a PDF. */
const READ =
  'import sys; from pypdf import PdfReader; print("".join(p.extract_text() for p in PdfReader(sys.argv[1]).pages))'

/** A paper of the print list that may only be looked at yet: its preview is a PDF. */
async function looksAt(page: Page, title: string): Promise<void> {
  const item = page.getByRole('list', { name: '打印列表' }).getByRole('listitem').filter({ hasText: title })
  await expect(item.getByRole('button')).toBeDisabled()
  const link = await item.getByRole('link', { name: '预览' }).getAttribute('href')
  const paper = await page.context().request.get(link!)
  expect([paper.status(), paper.headers()['content-type']]).toEqual([200, 'application/pdf'])
}

async function order(form: Locator, units: string): Promise<void> {
  await form.getByRole('textbox', { name: '供应套数' }).fill(units)
  await form.getByRole('textbox', { name: '供应均价' }).fill('8100.00')
  await writeDate(form, '供应日期', '2027-01-15')
  await form.getByRole('textbox', { name: '说明' }).fill('分两批交付')
}

test(
  'an agreement is looked at and downloaded as it is being written, before it goes to the district',
  covers('SH-176.2'),
  async ({ browser }) => {
    const developer = await Staff.signIn(browser, 'jianshe')
    const { page } = developer
    await page.goto('/office/matters/new/construction.agreement')
    for (const [label, value] of AGREED) await page.getByRole('textbox', { name: label }).first().fill(value)
    // however long the form is, it is the page that scrolls and not the frame around it
    const over = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)
    expect(over).toBeLessThanOrEqual(0)
    // one's own company stands there, and no other can
    const company = page.getByRole('textbox', { name: /^建设单位(?!意见)/ })
    await expect(company).toHaveValue('澜州江湾城建开发有限公司')
    await expect(company).toBeDisabled()
    await choose(page, /计划保障房类型/, '征收安置住房')
    const opened = page.context().waitForEvent('page')
    await page.getByRole('button', { name: '预览建设项目协议书' }).click()
    expect((await opened).url()).toMatch(/\/api\/cases\/drafts\/\d+\/preview\/agreement$/)
    const arriving = page.waitForEvent('download')
    await page.getByRole('button', { name: '下载预览件（PDF）' }).click()
    const file = await arriving
    expect(file.suggestedFilename()).toBe('建设项目协议书（预览）.pdf')
    const said = python('-c', READ, await file.path())
    for (const words of [
      ...AGREED.map(([, value]) => (value === '7850.00' ? '7,850.00' : value)),
      '澜州江湾城建开发有限公司',
      '征收安置住房',
      '预览件，不作凭证',
    ])
      expect(said).toContain(words)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('建设项目协议')
    await developer.leave()
  },
)

test(
  'a bridging supply is filed, previewed, stocked, ordered, rolled back, modified and printed',
  covers('SH-178.1', 'SH-178.2', 'SH-178.4', 'SH-178.5'),
  async ({ browser }) => {
    const developer = await Staff.signIn(browser, 'jianshe')
    const { page } = developer
    await page.goto('/office/matters/new/construction.bridging')
    for (const [label, value] of NEED) await page.getByRole('textbox', { name: label }).fill(value)
    await choose(page, /房源类型/, '征收安置住房')
    await page.getByRole('button', { name: '提交', exact: true }).click()
    await page.waitForURL(/\/office\/cases\/\d+$/)
    const id = page.url().split('/').at(-1)
    const { number } = await developer.ask<{ number: string }>('GET', `/cases/${id}`)

    const city = await Staff.signIn(browser, 'gaoyuan')
    await city.open(number, '确认入库')
    await looksAt(city.page, '供应联系单')
    await city.decide('确认入库')
    await developer.handle(number, '供应单', '提交供应单', (form) => order(form, '100'))
    await city.open(number, '供应单确认')
    await looksAt(city.page, '供应单确认后才能打印')
    await city.decide('回退修改', (form) => form.getByRole('textbox', { name: /理由/ }).fill('供应套数与联系单不一致'))

    // what was wrong is there to be modified
    await developer.handle(number, '供应单', '提交供应单', async (form) => {
      await expect(form.getByRole('textbox', { name: '供应套数' })).toHaveValue('100')
      await expect(form.getByRole('textbox', { name: '说明' })).toHaveValue('分两批交付')
      await form.getByRole('textbox', { name: '供应套数' }).fill('120')
    })
    await city.handle(number, '供应单确认', '确认供应')
    await page.goto(`/office/cases/${id}`)
    const paper = page.getByRole('list', { name: '打印列表' }).getByRole('button', { name: '供应单', exact: true })
    const opened = page.context().waitForEvent('page')
    await paper.click()
    expect((await opened).url()).toMatch(/\/api\/documents\/\d+\/file/)
    await developer.leave()
    await city.leave()
  },
)
