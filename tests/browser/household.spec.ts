/** One household's whole way, clicked by the right person in the right page: from the choice of city to moving out. */
import { expect, test, type Locator, type Page } from '@playwright/test'
import { choose, writeDate } from './lib/controls'
import { covers } from './lib/covers'
import { day, passDays } from './lib/installation'
import { somebody } from './lib/people'
import { Resident } from './lib/resident'
import { DESK, Staff } from './lib/staff'
import { fillOnPhone, finishOnDesktop } from './lib/wizard'

test.describe.configure({ mode: 'serial' })

const person = somebody('周晓芳')
let number = ''
let caseId = ''
let certificate = ''
let unitCode = ''
let phone: Resident
const staff: Record<string, Staff> = {}

test.beforeAll(async ({ browser }) => {
  phone = await Resident.arrive(browser, person)
})

test.afterAll(async () => {
  await Promise.all([phone, ...Object.values(staff)].map((one) => one.leave()))
})

async function as(browser: Parameters<typeof Staff.signIn>[0], account: string): Promise<Staff> {
  return (staff[account] ??= await Staff.signIn(browser, account))
}

async function publicity(form: Locator): Promise<void> {
  await writeDate(form, '开始日期', await day())
  await writeDate(form, '结束日期', await day(7))
  await form.getByLabel('公示地址').fill('澜州市住房保障中心网站')
}

/** On the unit-status board the unit's cell reads so. */
async function boardShows(desk: Page, code: string, words: string): Promise<void> {
  const answer = await desk.request.get(`/api/registers/supply.units/rows?q=${encodeURIComponent(code)}`)
  const { rows } = (await answer.json()) as { rows: { id: number }[] }
  const { values } = (await (await desk.request.get(`/api/registers/supply.units/rows/${rows[0]?.id}`)).json()) as {
    values: Record<string, number>
  }
  await desk.goto(`/office/board?project=${values.project_id}&building=${values.building_id}`)
  await expect(desk.getByRole('gridcell').filter({ hasText: words }).first()).toBeVisible()
}

async function noObjection(form: Locator): Promise<void> {
  await form.getByLabel('核实结果').fill('公示期内无异议')
}

test(
  'the resident chooses the city, registers and is verified by the bank',
  covers('ZB-02.1', 'ZB-03.1', 'ZB-03.3', 'ZB-04.1'),
  async () => {
    await phone.chooseCity()
    await expect(phone.page.getByText('澜州市').first()).toBeVisible()
    await phone.register()
    await phone.verifyByBank()
  },
)

test(
  'the wizard begun on the phone is finished on a desktop',
  covers('ZB-01.2', 'ZB-05.1', 'ZB-05.3', 'ZB-05.4', 'ZB-05.5'),
  async ({ browser }) => {
    await fillOnPhone(phone)
    const desktop = await Resident.arrive(browser, person, DESK)
    number = await finishOnDesktop(desktop)
    await desktop.leave()
    await phone.page.goto('/records')
    await phone.page.getByRole('link', { name: /公共租赁住房资格申请/ }).click()
    await phone.page.waitForURL(/\/records\/\d+$/)
    caseId = /\d+$/.exec(phone.page.url())?.[0] ?? ''
    await expect(phone.page.getByText('你现在不用做什么')).toBeVisible()
  },
)

test(
  'the clerk asks for a supplement, the resident answers it, the clerk accepts',
  covers('SH-043.1', 'SH-043.2', 'ZB-06.1'),
  async ({ browser }) => {
    const clerk = await as(browser, 'fangting')
    await clerk.open(number, '受理')
    await clerk.bar.getByRole('button', { name: '补件' }).click()
    const dialog = clerk.page.getByRole('dialog', { name: '通知补件' })
    await dialog.getByText('婚姻', { exact: false }).first().click()
    await dialog.getByRole('textbox').first().fill('照片反光，看不清登记日期')
    await dialog.getByRole('button', { name: '发送补件通知' }).click()
    await expect(dialog).toBeHidden()
    await expect(clerk.bar).toContainText('已通知申请人补件')

    await phone.page.goto(`/records/${caseId}`)
    await expect(phone.page.getByText('照片反光，看不清登记日期').first()).toBeVisible()
    await phone.give('.*婚', '婚姻证明')
    await expect(phone.page.getByText('传好了')).toBeVisible()
    await phone.page.getByRole('button', { name: '补齐了，交上去' }).click()
    await expect(phone.page.getByText('你现在不用做什么')).toBeVisible()

    await clerk.handle(number, '受理', '受理')
  },
)

test(
  'reviews, publicity and admission by those who may',
  covers('SH-044.1', 'SH-045.1', 'SH-046.1', 'SH-052.1'),
  async ({ browser }) => {
    test.setTimeout(240_000)
    const reviewer = await as(browser, 'zhoumin')
    await reviewer.open(number, '初审')
    await expect(reviewer.page.getByRole('region', { name: '信息核查' })).toContainText('一致')
    await reviewer.decide('通过')
    await (await as(browser, 'shenliqun')).handle(number, '初审核定', '通过')
    await reviewer.handle(number, '初审公示', '开始公示', publicity)
    await phone.page.goto('/publicity')
    await expect(phone.page.getByText('周*芳').first()).toBeVisible()
    await passDays(8)
    await reviewer.handle(number, '公示结果', '无异议', noObjection)
    const city = await as(browser, 'gaoyuan')
    await city.handle(number, '复审', '通过')
    const approver = await as(browser, 'helan')
    await approver.handle(number, '复审核定', '通过')
    await city.handle(number, '网上公示', '开始公示', publicity)
    await passDays(8)
    await city.handle(number, '网上公示结果', '无异议', noObjection)
    await approver.handle(number, '网上公示核定', '通过')
    await city.handle(number, '准入', '准入发证', async (form) => {
      await choose(form, '准入条件', /./)
    })
    await expect(async () => {
      await phone.page.goto('/certificate')
      await expect(phone.page.getByText('有效', { exact: true })).toBeVisible({ timeout: 2_000 })
    }).toPass({ timeout: 60_000 })
    certificate = ((await phone.page.locator('.paper .number').textContent()) ?? '').replace(/\s/g, '')
  },
)

test(
  'waiting, a batch, a viewing and the choice of a unit',
  covers('SH-053.3', 'SH-056.1', 'SH-056.2', 'SH-057.1'),
  async ({ browser }) => {
    const { page } = phone
    await page.goto('/waiting')
    await page.getByRole('link', { name: '登记轮候' }).click()
    await page.getByRole('group', { name: '哪些区' }).getByText('江湾区').click()
    await page.getByRole('button', { name: '登记轮候' }).click()
    await expect(page.getByRole('heading', { name: '你现在排在' })).toBeVisible()

    const clerk = await as(browser, 'fangting')
    await clerk.page.goto('/office/waiting/batches')
    await clerk.page.getByRole('button', { name: '新建批次' }).click()
    await clerk.page.getByLabel('批次名称').fill('江湾第一批')
    await clerk.page.getByPlaceholder('开始').fill(await day())
    await clerk.page.getByPlaceholder('结束').fill(await day(30))
    await clerk.page.getByPlaceholder('结束').press('Enter')
    const unit = clerk.page.getByRole('checkbox', { name: /^选择 / }).first()
    unitCode = ((await unit.getAttribute('aria-label')) ?? '').replace('选择 ', '')
    await unit.check()
    const quota = clerk.page.getByRole('spinbutton').first()
    await quota.fill('200')
    await quota.press('Tab')
    await clerk.page.getByRole('button', { name: '保存批次' }).click()
    await clerk.page.getByRole('button', { name: '发布', exact: true }).click()
    await clerk.page.getByRole('dialog').getByRole('button', { name: '确定' }).click()
    await expect(clerk.page.getByRole('heading', { name: '叫号家庭' })).toBeVisible()
    await expect(clerk.page.getByRole('link', { name: '周晓芳' }).first()).toBeVisible()

    await expect(async () => {
      await page.goto('/batches')
      await page.getByRole('link', { name: /江湾第一批/ }).click({ timeout: 2_000 })
    }).toPass({ timeout: 30_000 })
    await page
      .getByRole('link', { name: /看房|选/ })
      .last()
      .click()
    await page.locator('.times label').first().click()
    await page.getByRole('button', { name: /^预约 / }).click()
    await expect(page.getByRole('heading', { name: /看房$/ })).toBeVisible()
    await page.getByText('我们一家商量好了').click()
    await page.getByRole('button', { name: '确认选这一套' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '确认选这一套' }).click()
    await page.waitForURL(/\/batches\/\d+$/)
    await expect(page.getByText(/选好了|你选了/).first()).toBeVisible()
  },
)

test(
  'the contract: drafted, signed on the phone, filed, seen on the board, ended',
  covers('SH-063.1', 'SH-063.4', 'SH-065.2', 'SH-066.2', 'SH-074.2', 'SH-077.1'),
  async ({ browser }) => {
    const { page } = phone
    const clerk = await as(browser, 'fangting')
    const desk = clerk.page
    await desk.goto('/office/tenancy/contracts/new')
    await desk.getByRole('textbox', { name: /资格证/ }).fill(certificate)
    await desk.getByRole('textbox', { name: /资格证/ }).press('Enter')
    await expect(desk.getByText('周晓芳').first()).toBeVisible()
    await expect(desk.getByLabel('月租金')).not.toHaveValue('')
    await desk.getByRole('button', { name: '保存合同' }).click()
    await desk.getByRole('button', { name: '发送签约' }).click()
    await expect(desk.getByRole('button', { name: '重新发送签约' })).toBeVisible()

    await page.goto('/contracts')
    await page.getByRole('link', { name: /等你签/ }).click()
    await page.getByRole('link', { name: '去签合同' }).click()
    await page.getByText('全文看完了，我同意').click()
    const code = await phone.codeFrom(() => page.getByRole('button', { name: '获取签约验证码' }).click())
    await page.getByLabel('输入短信里的 6 位数字').fill(code === '000000' ? '000001' : '000000')
    await page.getByRole('button', { name: '签字，合同生效' }).click()
    await expect(page.getByRole('alert').first()).toBeVisible()
    await page.getByLabel('输入短信里的 6 位数字').fill(code)
    await page.getByRole('button', { name: '签字，合同生效' }).click()
    await expect(page.getByRole('heading', { name: '合同签好了' })).toBeVisible()

    await desk.reload()
    await desk.getByRole('button', { name: '备案', exact: true }).click()
    await expect(desk.getByRole('button', { name: '打印备案通知书' })).toBeVisible()
    const notice = desk.waitForEvent('popup')
    await desk.getByRole('button', { name: '打印备案通知书' }).click()
    await (await notice).close()
    await boardShows(desk, unitCode, '周*芳')

    await desk.goBack()
    await desk.getByRole('button', { name: '退租', exact: true }).click()
    await desk.getByRole('dialog').getByText('提前退租', { exact: true }).click()
    await desk.getByRole('button', { name: '确认退租' }).click()
    await expect(desk.getByRole('dialog')).toBeHidden()
    await boardShows(desk, unitCode, '可供应')
  },
)
