/** Who is not signed in may look at policies and homes; for anything further the eligibility application comes first. */
import { expect, test } from '@playwright/test'
import { covers } from './lib/covers'
import { Resident } from './lib/resident'
import { somebody } from './lib/people'
import { world } from './lib/world'

test('a visitor looks at policies and homes, and is told to apply first', covers('JN-01.3'), async ({ browser }) => {
  const visitor = await Resident.arrive(browser, somebody('访客'))
  const { page } = visitor
  const refused: string[] = []
  page.on('response', (answer) => void (answer.status() >= 400 && refused.push(answer.url())))
  await visitor.chooseCity()
  await page.goto('/guides')
  await expect(page).toHaveURL(/\/guides/)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(refused, 'who never signed in asks for nothing that is refused').toEqual([])
  await page.goto('/units')
  await page.locator('a[href^="/units/"]').first().click()
  await page.waitForURL(/\/units\/\d+/)
  const home = page.url()
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(/^[A-Z]/)
  // under its name stands where it is, and not its name again
  const named = (await page.getByRole('heading', { level: 1 }).textContent()) ?? ''
  await expect(page.locator('header p.muted').first()).toContainText(/[区县]/)
  await expect(page.locator('header p.muted').first()).not.toContainText(named)
  await page.getByRole('link', { name: /照片、配套和轮候情况/ }).click()
  await page.getByRole('button', { name: '收藏这个项目' }).click()
  const project = await page.getByRole('heading', { level: 1 }).textContent()
  await page.goto('/projects?view=favourite')
  await expect(page.getByRole('article')).toHaveCount(1)
  await expect(page.getByRole('article')).toContainText(project ?? '')
  await page.getByRole('button', { name: '全部' }).click()
  await expect(page.getByRole('article').nth(1)).toBeVisible()
  await page.getByLabel('项目名称或编号').fill('JW01')
  await expect(page.getByRole('article')).toHaveCount(1)
  await expect(page.getByRole('article')).toContainText('江湾家园')
  await page.getByRole('button', { name: /^筛选/ }).click()
  await page.getByLabel('面积').selectOption('80 ㎡以上')
  await expect(page.getByText('没有合适的项目')).toBeVisible()
  await page.getByLabel('面积').selectOption('30—45 ㎡')
  await expect(page).toHaveURL(/area=30-45/)
  await expect(page.getByRole('article')).toContainText('江湾家园')
  await page.getByRole('button', { name: '地图', exact: true }).click()
  await page.getByRole('button', { name: /^江湾区，可租/ }).click()
  await page.getByRole('button', { name: /^江湾家园，可租/ }).click()
  await expect(page.getByRole('article')).toContainText('江湾家园')
  await page.getByRole('button', { name: '列表' }).click()
  await page.getByRole('button', { name: '在地图上看：江湾家园' }).click()
  await expect(page.getByRole('button', { name: /^江湾家园，可租/ })).toHaveAttribute('aria-pressed', 'true')
  await page.getByRole('button', { name: '从图上选位置' }).click()
  await page.locator('.canvas').click({ position: { x: 20, y: 20 } })
  await expect(page.getByRole('button', { name: /^从这里看/ })).toBeVisible()
  await expect(page.getByRole('article')).toContainText(/\d (公里|米)/)
  await page.goto(home)
  await page.getByRole('button', { name: '预约看房' }).click()
  await expect(page.getByText('看房前，先申请资格')).toBeVisible()
  await expect(page.getByText(/都要先通过\s*资格申请/)).toBeVisible()
  await page.getByRole('link', { name: '开始资格申请' }).click()
  await expect(page).toHaveURL(/\/sign-in\?next=\/apply/)
  await visitor.leave()
})

test('on a wide screen the map stands beside the list and tells of the project under the pointer', async ({
  browser,
}) => {
  const visitor = await Resident.arrive(browser, somebody('访客'), { width: 1440, height: 900 })
  const { page } = visitor
  await visitor.chooseCity()
  await page.goto('/projects?name=JW01')
  const mark = page.getByRole('button', { name: /^江湾家园，可租/ })
  await page.getByRole('button', { name: '在地图上看：江湾家园' }).click()
  await expect(mark).toHaveAttribute('aria-pressed', 'true')
  await mark.hover()
  await expect(page.getByRole('tooltip')).toContainText('江湾路 366 弄')
  await page.getByRole('heading', { level: 1 }).hover()
  await expect(page.getByRole('tooltip')).toHaveCount(0)
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

test('homes are marked, looked at and compared, on the device and after registering', async ({ browser }) => {
  const visitor = await Resident.arrive(browser, somebody('看房人'))
  const { page } = visitor
  await visitor.chooseCity()
  await page.goto('/units')
  const cards = page.getByRole('article')
  const title = async (at: number) => (await cards.nth(at).locator('.title').textContent()) ?? ''
  await expect(cards.nth(2)).toBeVisible()
  const names = [await title(0), await title(1), await title(2)]
  await page.getByRole('button', { name: `收藏：${names[0]}` }).click()
  for (const name of names) await page.getByRole('button', { name: `加入对比：${name}` }).click()
  await cards.nth(1).getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(names[1] ?? '')
  await expect(page.getByRole('button', { name: '已加入对比' })).toHaveAttribute('aria-pressed', 'true')
  await page.goto('/units?view=seen')
  await expect(cards).toHaveCount(1)
  await expect(cards).toContainText(names[1] ?? '')

  await page.getByRole('link', { name: '对比 3 套房源' }).click()
  const table = page.getByRole('region', { name: '对比' })
  for (const row of ['现在', '月租金', '建筑面积', '户型', '楼层', '朝向', '位置', '离你', '房屋配套'])
    await expect(table.getByRole('rowheader', { name: row, exact: true })).toBeVisible()
  await expect(table.getByRole('columnheader')).toHaveCount(3)
  await table.getByRole('button', { name: `移出${names[2]}` }).click()
  await expect(table.getByRole('columnheader')).toHaveCount(2)

  // What was withdrawn meanwhile is said on the shelf, and taken off it.
  await page.evaluate(() => {
    const shelves = JSON.parse(localStorage.getItem('anju.units') ?? '{}') as { favourite: number[] }
    localStorage.setItem('anju.units', JSON.stringify({ ...shelves, favourite: [...shelves.favourite, 999_999_999] }))
  })
  await page.goto('/units?view=favourite')
  await expect(cards).toHaveCount(1)
  await expect(page.getByText('有 1 套房源已经撤下')).toBeVisible()
  await page.getByRole('button', { name: '移出' }).click()
  await expect(page.getByText('已经撤下')).toHaveCount(0)

  // Registered, he finds the same on another device; signed out, this one knows nothing of them.
  await visitor.register()
  await page.goto('/units?view=favourite')
  await expect(cards).toHaveCount(1)
  const other = await Resident.arrive(browser, visitor.person, { width: 1440, height: 900 })
  await other.signIn('/units?view=favourite')
  await expect(other.page.getByRole('article')).toHaveCount(1)
  await expect(other.page.getByRole('article')).toContainText(names[0] ?? '')
  await expect(other.page.getByRole('link', { name: '对比 2 套房源' })).toBeVisible()
  await other.leave()
  await page.goto('/me')
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.getByRole('button', { name: '退出', exact: true }).click()
  await page.waitForURL('/')
  await page.goto('/units?view=favourite')
  await expect(page.getByText('还没有收藏房源')).toBeVisible()
  await visitor.leave()
})

test('who looks at a home and comes back is where he was in the list, with the filters he chose', async ({
  browser,
}) => {
  const visitor = await Resident.arrive(browser, somebody('看房人'))
  const { page } = visitor
  await visitor.chooseCity()
  await page.goto('/units')
  const cards = page.getByRole('article')
  await expect(cards).toHaveCount(20)
  await page.getByRole('button', { name: '筛选' }).click()
  await page.getByLabel('面积').selectOption('30—45 ㎡')
  await expect(page).toHaveURL(/area=30-45/)
  await page.getByRole('button', { name: '再看一些' }).click()
  await expect(cards).toHaveCount(40)
  const far = cards.nth(31)
  const name = (await far.locator('.title').textContent()) ?? ''
  await far.getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
  await page.getByRole('button', { name: '加入对比' }).click()
  await page.getByRole('button', { name: '返回' }).click()
  await expect(cards).toHaveCount(40)
  await expect(far.locator('.title')).toHaveText(name)
  await expect(far).toBeInViewport()
  await page.getByRole('link', { name: '对比 1 套房源' }).click()
  await expect(page.getByRole('columnheader', { name })).toBeVisible()
  await page.getByRole('button', { name: '返回' }).click()
  await expect(far).toBeInViewport()
  // Another filter begins the list anew.
  await page.evaluate(() => scrollTo(0, 0))
  await page.getByRole('button', { name: /^筛选（已选 1 项）/ }).click()
  await page.getByLabel('面积').selectOption('都可以')
  await expect(cards).toHaveCount(20)
  await visitor.leave()
})

test('a batch shows first the homes that can still be chosen, in pictures, and compares them', async ({ browser }) => {
  const { phones, batch } = world()
  const resident = await Resident.arrive(browser, { ...somebody('轮到的人'), phone: phones.called })
  const { page } = resident
  await resident.signIn(`/batches/${batch}`)
  const cards = page.getByRole('article')
  await expect(cards.first()).toContainText('可选')
  await expect(cards.first().locator('img')).toBeVisible()
  await expect(cards.last()).toContainText('别人选了')
  await cards
    .first()
    .getByRole('button', { name: /^加入对比/ })
    .click()
  await expect(page.getByRole('link', { name: '对比 1 套房源' })).toBeInViewport()
  await cards
    .first()
    .getByRole('button', { name: /^已加入对比/ })
    .click()
  await cards.last().getByRole('link').click()
  await page.getByRole('link', { name: '看看别的' }).click()
  await expect(page).toHaveURL(new RegExp(`/batches/${batch}$`))
  await resident.leave()
})

test('who scans the code on a door sees that home', covers('SH-183.6'), async ({ browser }) => {
  const { page } = await Resident.arrive(browser, somebody('路人'))
  const { door } = world()
  const answer = await page.request.get(`/api/public/units/by-code/${door}`)
  const home = (await answer.json()) as { code: string; rent: string }
  await page.goto(`/u/${door}`)
  await expect(page.locator('main')).toContainText(door)
  const facts = page.locator('.facts')
  await expect(facts).toContainText(/㎡/)
  await expect(facts).toContainText(Number(home.rent).toLocaleString('zh-CN', { minimumFractionDigits: 2 }))
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByRole('img')).toBeVisible()
  await page.getByRole('link', { name: /的照片、配套和轮候情况$/ }).click()
  await expect(page).toHaveURL(/\/projects\//)
  await expect(page.getByRole('heading', { name: '看房联系' })).toBeVisible()
})
