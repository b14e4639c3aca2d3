/** The desk itself: a work view that one arranges, tasks done in one list, a notice read, the big screen that runs on. */
import { expect, test, type Browser } from '@playwright/test'
import { covers } from './lib/covers'
import { Staff } from './lib/staff'

async function enter(browser: Browser, account: string, size?: { width: number; height: number }): Promise<Staff> {
  const staff = await Staff.signIn(browser, account, size)
  await expect(staff.page.getByRole('navigation', { name: '主菜单' })).toBeVisible()
  return staff
}

test('a clerk arranges the cards of his view and finds them so again', covers('SH-001.6'), async ({ browser }) => {
  const clerk = await enter(browser, 'fangting')
  const { page } = clerk
  await page.goto('/office/')
  await expect(page.getByRole('link', { name: '申请资料核验' })).toBeVisible()
  await expect(page.getByRole('link', { name: '公租网签合同备案' })).toBeVisible()
  await page.getByRole('button', { name: '调整布局' }).click()
  await page.getByRole('button', { name: '移除办理趋势' }).click()
  await page.getByRole('button', { name: '快捷入口前移' }).click()
  await page.getByRole('button', { name: '保存布局' }).click()
  await expect(page.getByRole('button', { name: '调整布局' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('region', { name: '我的待办' })).toBeVisible()
  await expect(page.getByRole('region', { name: '办理趋势' })).toHaveCount(0)
  await page.getByRole('button', { name: '调整布局' }).click()
  await page.getByRole('button', { name: '恢复默认' }).click()
  await expect(page.getByRole('region', { name: '办理趋势' })).toBeVisible()
  await clerk.leave()
})

test('a task is done and stands among what is done', covers('SH-003.3', 'SH-003.4'), async ({ browser }) => {
  const clerk = await enter(browser, 'fangting')
  const { page } = clerk
  await page.goto('/office/tasks')
  const row = page.getByRole('row').filter({ hasText: '核对三季度租金台账' })
  await row.first().getByRole('link', { name: '办理' }).click()
  await expect(page.getByText('逐户核对后反馈')).toBeVisible()
  await page.getByRole('button', { name: '办结', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '办结任务' })
  await dialog.getByRole('textbox', { name: '办理结果' }).fill('已核对')
  await dialog.getByRole('button', { name: '办结', exact: true }).click()
  await expect(page.getByText('已核对').first()).toBeVisible()
  await page.goto('/office/tasks?view=done')
  await expect(row.first()).toContainText('已核对')
  await expect(row.first()).toContainText('方婷')
  await row.first().getByRole('link', { name: '查看' }).click()
  await expect(page.getByRole('heading', { name: '办理情况' })).toBeVisible()
  await clerk.leave()
})

test('a notice meant for everybody is opened and counts as read', covers('SH-004.3'), async ({ browser }) => {
  const clerk = await enter(browser, 'fangting')
  const { page } = clerk
  await page.goto('/office/notices')
  await page.getByRole('button', { name: /关于四季度公租房集中供应的通知/ }).click()
  await expect(page.getByText('名单报市中心备案')).toBeVisible()
  await expect(page.getByText('公租房初审期限口径说明')).toHaveCount(0)
  await clerk.leave()
})

test('door records run on the big screen without a reload', covers('PR-02.2', 'PR-02.3'), async ({ browser }) => {
  const viewer = await enter(browser, 'gaoyuan', { width: 1920, height: 1080 })
  const { page } = viewer
  await page.goto('/office/screen')
  await expect(page.getByRole('img', { name: /各区：.*江湾区/ })).toBeVisible()
  await expect(page.getByRole('region', { name: '各区数量与密度' })).toContainText('套/km²')
  let loads = 0
  page.on('load', () => (loads += 1))
  const latest = page.getByRole('region', { name: '门禁通行' }).getByRole('listitem').first()
  await expect(latest).toBeVisible({ timeout: 60_000 })
  const before = await latest.textContent()
  await expect(latest).not.toHaveText(before ?? '', { timeout: 60_000 })
  expect(loads).toBe(0)
  await viewer.leave()
})
