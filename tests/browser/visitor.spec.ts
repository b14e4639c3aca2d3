/** Who is not signed in may look at policies and homes; for anything further the eligibility application comes first. */
import { expect, test } from '@playwright/test'
import { covers } from './lib/covers'
import { Resident } from './lib/resident'
import { somebody } from './lib/people'

test('a visitor looks at policies and homes, and is told to apply first', covers('JN-01.3'), async ({ browser }) => {
  const visitor = await Resident.arrive(browser, somebody('访客'))
  const { page } = visitor
  await visitor.chooseCity()
  await page.goto('/guides')
  await expect(page).toHaveURL(/\/guides/)
  await page.goto('/units')
  await page.locator('a[href^="/units/"]').first().click()
  await page.waitForURL(/\/units\/\d+/)
  const home = page.url()
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(/^[A-Z]/)
  await page.getByRole('link', { name: /照片、配套和轮候情况/ }).click()
  await page.getByRole('button', { name: '收藏这个项目' }).click()
  const project = await page.getByRole('heading', { level: 1 }).textContent()
  await page.goto('/projects?view=favourite')
  await expect(page.getByRole('article')).toHaveCount(1)
  await expect(page.getByRole('article')).toContainText(project ?? '')
  await page.getByRole('button', { name: '全部' }).click()
  await page.getByLabel('项目名称或编号').fill('JW01')
  await expect(page.getByRole('article')).toHaveCount(1)
  await expect(page.getByRole('article')).toContainText('江湾家园')
  await page.getByRole('button', { name: '地图' }).click()
  await page.getByRole('button', { name: /^江湾区，可租/ }).click()
  await page.getByRole('button', { name: /^江湾家园，可租/ }).click()
  await expect(page.getByRole('article')).toContainText('江湾家园')
  await page.goto(home)
  await page.getByRole('button', { name: '预约看房' }).click()
  await expect(page.getByText('看房前，先申请资格')).toBeVisible()
  await expect(page.getByText(/都要先通过\s*资格申请/)).toBeVisible()
  await page.getByRole('link', { name: '开始资格申请' }).click()
  await expect(page).toHaveURL(/\/sign-in\?next=\/apply/)
  await visitor.leave()
})

test(
  'the home page leads to applications, government information, the demand survey and one’s own place',
  covers('JN-01.2'),
  async ({ browser }) => {
    const visitor = await Resident.arrive(browser, somebody('访客'))
    const { page } = visitor
    await visitor.chooseCity()
    const entries = page.getByRole('navigation', { name: '常用入口' })
    for (const [title, path] of [
      ['资格申请', '/apply'],
      ['政府信息', '/guides'],
      ['个人中心', '/me'],
    ] as const)
      await expect(entries.getByRole('link', { name: title })).toHaveAttribute('href', path)
    await entries.getByRole('link', { name: '需求调查' }).click()
    await page.getByRole('link', { name: /年住房需求调查/ }).click()
    await expect(page.getByText('你想要哪种保障')).toBeVisible()
    await page.getByRole('link', { name: '登录后交上去' }).click()
    await expect(page).toHaveURL(/\/sign-in\?next=\/surveys\/\d+/)
    await visitor.leave()
  },
)
