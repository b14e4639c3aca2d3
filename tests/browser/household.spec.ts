/** One household's whole way, clicked by the right person in the right page: from the choice of city to moving out. */
import { expect, test, type Locator } from '@playwright/test'
import { choose, writeDate } from './lib/controls'
import { covers } from './lib/covers'
import { day, messages, passDays } from './lib/installation'
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
  await writeDate(form, '开始日期', day())
  await writeDate(form, '结束日期', day(7))
  await form.getByLabel('公示地址').fill('澜州市住房保障中心网站')
}

async function noObjection(form: Locator): Promise<void> {
  await form.getByLabel('核实结果').fill('公示期内无异议')
}

test('the resident chooses the city, registers and is verified by the bank', covers('ZB-02.1', 'ZB-03.1', 'ZB-03.3', 'ZB-04.1'), async () => {
  await phone.chooseCity()
  await expect(phone.page.getByText('澜州市').first()).toBeVisible()
  await phone.register()
  await phone.verifyByBank()
})

test('the wizard begun on the phone is finished on a desktop', covers('ZB-01.2', 'ZB-05.1', 'ZB-05.3', 'ZB-05.4', 'ZB-05.5'), async ({ browser }) => {
  await fillOnPhone(phone)
  const desktop = await Resident.arrive(browser, person, DESK)
  number = await finishOnDesktop(desktop)
  await desktop.leave()
  await phone.page.goto('/records')
  await phone.page.getByRole('link', { name: new RegExp(number.replaceAll('-', '.?')) }).click()
  caseId = /\d+$/.exec(phone.page.url())?.[0] ?? ''
  await expect(phone.page.getByText('你现在不用做什么')).toBeVisible()
})

test('the clerk asks for a supplement, the resident answers it, the clerk accepts', covers('SH-043.1', 'SH-043.2', 'ZB-06.1'), async ({ browser }) => {
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
})

test('reviews, publicity and admission by those who may', covers('SH-044.1', 'SH-045.1', 'SH-046.1', 'SH-052.1'), async ({ browser }) => {
  test.setTimeout(240_000)
  const reviewer = await as(browser, 'zhoumin')
  await reviewer.open(number, '初审')
  await expect(reviewer.page.getByRole('region', { name: '信息核查' })).toContainText('一致')
  await reviewer.decide('通过')
  await (await as(browser, 'shenliqun')).handle(number, '初审核定', '通过')
  await reviewer.handle(number, '初审公示', '公示', publicity)
  await phone.page.goto('/publicity')
  await expect(phone.page.getByText('周*芳').first()).toBeVisible()
  passDays(8)
  await reviewer.handle(number, '公示结果', '无异议', noObjection)
  const city = await as(browser, 'gaoyuan')
  await city.handle(number, '复审', '通过')
  const approver = await as(browser, 'helan')
  await approver.handle(number, '复审核定', '通过')
  await city.handle(number, '网上公示', '公示', publicity)
  passDays(8)
  await city.handle(number, '网上公示结果', '无异议', noObjection)
  await approver.handle(number, '网上公示核定', '通过')
  await city.handle(number, '准入', '准入', async (form) => {
    await choose(form, '准入条件', /./)
  })
  await expect(async () => {
    await phone.page.goto('/certificate')
    await expect(phone.page.getByText('有效', { exact: true })).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
  certificate = ((await phone.page.locator('.paper .number').textContent()) ?? '').replace(/\s/g, '')
})
