/** What a clerk does at the counter besides the household's straight way: papers handed in, masks, time limits, second thoughts. */
import { expect, test, type Page } from '@playwright/test'
import { covers } from './lib/covers'
import { day } from './lib/installation'
import { photo } from './lib/photos'
import { Resident } from './lib/resident'
import { Staff } from './lib/staff'
import { world } from './lib/world'

const NUMBER = '339901199001010026'
let clerk: Staff
let page: Page

test.describe.configure({ mode: 'serial' })
test.beforeAll(async ({ browser }) => {
  clerk = await Staff.signIn(browser, 'fangting')
  page = clerk.page
})
test.afterAll(async () => clerk.leave())

test('papers brought to the counter are taken in and the case goes on', covers('SH-024.5'), async () => {
  await page.goto(`/office/cases/${world().cases.first}`)
  await clerk.bar.getByRole('button', { name: '领取并办理' }).click()
  await clerk.bar.getByRole('button', { name: '补件' }).click()
  const dialog = page.getByRole('dialog', { name: '通知补件' })
  await dialog.getByText('户口簿', { exact: false }).first().click()
  await dialog.getByRole('button', { name: '发送补件通知' }).click()
  await expect(dialog).toBeHidden()

  await clerk.bar.getByRole('button', { name: '窗口收件' }).click()
  const card = page.getByRole('region', { name: '补件' })
  await card.getByRole('button', { name: '结束补件' }).click()
  await expect(card.getByRole('alert')).toContainText('户口簿')
  await card.getByLabel(/^上传户口簿/).setInputFiles(await photo(page, '户口簿'))
  await card.getByRole('button', { name: '补齐了，继续办理' }).click()
  await expect(clerk.bar.getByRole('group', { name: '办理结果' })).toBeVisible()
  await expect(card).toContainText('已补件')
})

test('the eye shows one number for a reason', async () => {
  const members = page.getByRole('region', { name: '家庭成员' }).first()
  await expect(members).toContainText(/\d{6}\*{8}\d{3}[\dX]/)
  await members.getByRole('button', { name: '查看证件号码全文' }).first().click()
  const asked = page.locator('.el-popover').filter({ visible: true })
  await asked.getByRole('textbox').fill('看看')
  await asked.getByRole('button', { name: '查看', exact: true }).click()
  await expect(asked.getByRole('alert')).toContainText('至少 5 个字')
  await asked.getByRole('button', { name: '核对申请材料' }).click()
  await asked.getByRole('button', { name: '查看', exact: true }).click()
  await expect(members).toContainText(/\d{17}[\dX]/)
})

test('the countdown lists open cases by what is left and opens them', covers('SH-048.2'), async () => {
  await page.goto('/office/')
  await page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: '时限预警' }).click()
  const bands = page.getByRole('group', { name: '期限段' })
  await bands.getByRole('button', { name: /以后到期/ }).click()
  await expect(page).toHaveURL(/bucket=far/)
  const row = page
    .getByRole('row')
    .filter({ hasText: /剩 \d+ 个工作日/ })
    .first()
  await row.getByRole('link', { name: /^查看/ }).click()
  await page.waitForURL(/\/office\/cases\/\d+$/)
})

test('a person searched for by number stands in no address', async () => {
  const addresses: string[] = []
  page.on('request', (request) => addresses.push(request.url()))
  await page.goto('/office/registers/households.persons')
  const listed = page.waitForRequest((request) => request.headers()['x-anju-search'] === NUMBER)
  await page.getByRole('textbox', { name: /^搜索：/ }).fill(NUMBER)
  await listed
  await expect(page.getByText('没有符合条件的', { exact: false }).first()).toBeVisible()
  expect([...addresses, page.url()].filter((address) => address.includes(NUMBER))).toEqual([])
})

test('a request to leave is withdrawn by the tenant, and the next one is not confirmed', async ({ browser }) => {
  const { phones, contracts } = world()
  const tenant = await Resident.arrive(browser, { name: '', idNumber: '', phone: phones.settled })
  const path = `/contracts/${contracts.settled}`
  const ask = async () => {
    await tenant.page.getByRole('link', { name: '申请退租' }).click()
    await tenant.page.getByText('提前退租').first().click()
    const [year = '', month = '', date = ''] = (await day(20)).split('-')
    await tenant.page.getByLabel('年', { exact: true }).fill(year)
    await tenant.page.getByLabel('月', { exact: true }).fill(String(Number(month)))
    await tenant.page.getByLabel('日', { exact: true }).fill(String(Number(date)))
    await tenant.page.getByLabel('为什么退租？').fill('回老家生活')
    await tenant.page.getByRole('button', { name: '申请退租' }).click()
    await tenant.page.getByRole('dialog').getByRole('button', { name: '申请退租' }).click()
    await expect(tenant.page.getByRole('heading', { name: '你申请了退租' })).toBeVisible()
  }
  await tenant.signIn(path)
  await ask()
  await tenant.page.getByRole('button', { name: '不退了，撤回申请' }).click()
  await tenant.page.getByRole('dialog').getByRole('button', { name: '撤回申请' }).click()
  await expect(tenant.page.getByRole('heading', { name: '合同已经备案' })).toBeVisible()

  await ask()
  await page.goto(`/office/tenancy/contracts/${contracts.settled}`)
  await page.getByRole('button', { name: '不确认退租' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '确定' }).click()
  await expect(page.getByText('已备案', { exact: true }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: '不确认退租' })).toBeHidden()
  await tenant.leave()
})
