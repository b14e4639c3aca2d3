/** Supply as its people use it: a project's film, orders between districts, publication, splitting and merging, map, reports. */
import { expect, test, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { choose } from './lib/controls'
import { covers } from './lib/covers'
import { film } from './lib/films'
import { somebody } from './lib/people'
import { Resident } from './lib/resident'
import { DESK, Staff } from './lib/staff'

interface Row {
  id: number
  [key: string]: unknown
}

const rowsOf = async (staff: Staff, register: string, query: string): Promise<Row[]> =>
  (await staff.ask<{ rows: Row[] }>('GET', `/registers/${register}/rows?${query}`)).rows

/** Acts on one unit of the publication page, with a reason where one is given; what was told stands there, and the unit left. */
async function actOn(page: Page, code: string, name: string, told: RegExp, reason = ''): Promise<void> {
  await page.getByLabel(`选择 ${code}`).check()
  await page.getByRole('button', { name: `${name}（1 套）` }).click()
  const dialog = page.getByRole('dialog', { name })
  if (reason) await dialog.getByPlaceholder('原因（可不填）').fill(reason)
  await dialog.getByRole('button', { name, exact: true }).click()
  await expect(page.getByText(told)).toBeVisible()
  await expect(page.getByLabel(`选择 ${code}`)).toHaveCount(0)
}

/** The list of the publication page that begins with this word. */
const turnTo = (page: Page, list: string) =>
  page
    .getByRole('group', { name: '房源清单' })
    .getByRole('button', { name: new RegExp(`^${list}`) })
    .click()

test('a project’s film is uploaded, and a resident plays it', covers('SH-181.3'), async ({ browser }) => {
  const clerk = await Staff.signIn(browser, 'fangting')
  const [project] = await rowsOf(clerk, 'supply.projects', 'q=JW01')
  await clerk.page.goto(`/office/supply/projects/${project!.id}`)
  const part = clerk.page.locator('section').filter({ has: clerk.page.getByRole('heading', { name: '视频信息' }) })
  await part.locator('input[type=file]').setInputFiles(await film(clerk.page))
  await expect(part.locator('video')).toBeVisible()
  await clerk.leave()

  const visitor = await Resident.arrive(browser, somebody('访客'))
  await visitor.page.goto('/projects/JW01')
  const screen = visitor.page.locator('video')
  await screen.scrollIntoViewIfNeeded()
  await screen.evaluate((video: HTMLVideoElement) => {
    video.muted = true
    return video.play()
  })
  await expect.poll(() => screen.evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(0.5)
  expect(await screen.evaluate((video: HTMLVideoElement) => [video.videoWidth, video.videoHeight])).toEqual([160, 90])
  await visitor.leave()
})

test(
  'an order between districts is issued, and its paper downloaded',
  covers('SH-185.5', 'SH-187.2'),
  async ({ browser }) => {
    const clerk = await Staff.signIn(browser, 'fangting')
    const [unit] = await rowsOf(clerk, 'supply.units', 'f.division=339901&f.status=unconfirmed&limit=1')
    const { version } = await clerk.ask<{ version: number }>('GET', `/registers/supply.units/rows/${unit!.id}`)
    await clerk.ask('PATCH', `/registers/supply.units/rows/${unit!.id}`, { version, values: { transferable: true } })
    await clerk.leave()
    const district = await Staff.signIn(browser, 'zhoumin')
    const values = { title: '支援南屏区', to_division: '339902', reason: '南屏区轮候家庭较多，本区房源有余' }
    const order = (await district.ask<{ id: number }>('POST', '/registers/supply.redistributions/rows', { values })).id
    const act = (staff: Staff, register: string, name: string, id: number, given = {}) =>
      staff.ask('POST', `/registers/supply.${register}/actions/${name}`, { ids: [id], values: given })
    await act(district, 'units', 'order', unit!.id, { redistribution: order })
    await act(district, 'redistributions', 'submit', order)
    const city = await Staff.signIn(browser, 'helan')
    await act(city, 'redistributions', 'approve', order, { approved: true, opinion: '情况属实，同意调配' })
    await city.page.goto(`/office/registers/supply.redistributions?row=${order}`)
    const panel = city.page.getByRole('complementary', { name: '支援南屏区' })
    await expect(panel).toContainText('已核定')
    await expect(panel.getByRole('link', { name: '下载下达单' })).toHaveCount(0)
    await panel.getByRole('button', { name: '下达' }).click()
    const dialog = city.page.getByRole('dialog', { name: '下达' })
    await dialog.getByRole('button', { name: '下达', exact: true }).click()
    await expect(dialog).toContainText('已下达 1 套')
    await dialog.getByRole('button', { name: '知道了' }).click()
    const arriving = city.page.waitForEvent('download')
    await panel.getByRole('link', { name: '下载下达单' }).click()
    const file = await arriving
    expect(file.suggestedFilename()).toMatch(/\.pdf$/)
    expect(
      readFileSync(await file.path())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-')
    await city.leave()
    await district.leave()

    // Where it was sent it is confirmed and published, and nothing else of the project is there.
    const receiver = await Staff.signIn(browser, 'zhoumin.np')
    const publisher = await Staff.signIn(browser, 'shenliqun.np')
    const code = String(unit!.code)
    for (const [staff, list, name] of [
      [receiver, '待确认', '确认房源'],
      [publisher, '待发布', '发布'],
    ] as const) {
      await staff.page.goto('/office/supply/publishing')
      const line = staff.page.getByRole('complementary', { name: '项目' }).getByRole('button', { name: /调入房源/ })
      await expect(line).toContainText('江湾')
      await line.click()
      await turnTo(staff.page, list)
      await expect(staff.page.getByRole('button', { name: '填写审核意见' })).toHaveCount(0)
      await actOn(staff.page, code, name, new RegExp(`${name} 1 套`))
    }
    const line = publisher.page.getByRole('complementary', { name: '项目' }).getByRole('button', { name: /调入房源/ })
    const here = await rowsOf(publisher, 'supply.units', 'f.status=vacant&q=JW01&limit=50')
    expect(here.map((row) => row.code)).toContain(code)
    await expect(line).toContainText(`可租 ${here.length}　`)
    await publisher.leave()
    await receiver.leave()
  },
)

test('a unit is split and merged again: sums, refusal, lineage', covers('SH-184.2'), async ({ browser }) => {
  const chief = await Staff.signIn(browser, 'liangchen')
  const { page } = chief
  const [project] = await rowsOf(chief, 'supply.projects', 'q=JW01')
  const [unit] = await rowsOf(chief, 'supply.units', `f.project=${project!.id}&f.status=unconfirmed&limit=1`)
  const code = String(unit!.code)
  await page.goto(`/office/supply/publishing?project=${project!.id}&list=unconfirmed`)
  await page.getByRole('row').filter({ hasText: code }).getByRole('button', { name: '拆套' }).click()
  const split = page.getByRole('dialog', { name: /^拆套/ })
  const rent = split.getByLabel('第 2 套月租金')
  const right = await rent.inputValue()
  await rent.fill('1.00')
  await expect(split).toContainText('还差')
  await expect(split.getByRole('button', { name: '拆套' })).toBeDisabled()
  await rent.fill(right)
  await split.getByLabel('拆套原因').fill('按间供应')
  await split.getByRole('button', { name: '拆套' }).click()
  await expect(split).toBeHidden()

  // One part alone cannot be merged; both give the unit back.
  await page.goto(`/office/registers/supply.units?q=${code}`)
  const parts = page.getByRole('table', { name: '房源' }).getByRole('row')
  const tick = (which: string) => parts.filter({ hasText: which }).getByRole('checkbox').check({ force: true })
  await tick(`${code}-1`)
  const bar = page.getByRole('region', { name: '批量操作' })
  await expect(bar.getByRole('button', { name: '合并' })).toBeDisabled()
  await tick(`${code}-2`)
  await bar.getByRole('button', { name: '合并' }).click()
  const merge = page.getByRole('dialog', { name: '合并房源' })
  await expect(merge.getByRole('row').filter({ hasText: '合计' })).toContainText(String(unit!.floor_area))
  await expect(merge).toContainText(`合并后恢复原房源 ${code}`)
  await merge.getByLabel('合并原因').fill('恢复整套供应')
  await merge.getByRole('button', { name: '合并', exact: true }).click()
  await expect(merge).toBeHidden()
  await expect(page.getByText(`已合并，恢复为 ${code}，待确认`)).toBeVisible()
  await page.goto(`/office/supply/units/${unit!.id}`)
  await expect(page.getByText('合并恢复').first()).toBeVisible()
  const lineage = page.locator('section').filter({ has: page.getByRole('heading', { name: '拆并关系' }) })
  await expect(lineage).toContainText(`${code}-1`)
  await chief.leave()
})

test('what another system holds is compared unit by unit', async ({ browser }) => {
  const district = await Staff.signIn(browser, 'zhoumin')
  const { page } = district
  await page.goto('/office/supply/differences')
  await page.getByRole('button', { name: '开始核对' }).click()
  await expect(page.getByText(/核对完毕：已比对 [1-9]\d* 套，0 套不一致/)).toBeVisible({ timeout: 60_000 })
  await district.leave()
})

test(
  'a unit is published and withdrawn, and what can be let follows at once',
  covers('SH-187.3'),
  async ({ browser }) => {
    const district = await Staff.signIn(browser, 'zhoumin')
    const [project] = await rowsOf(district, 'supply.projects', 'q=JW02')
    const id = project!.id
    const [unit] = await rowsOf(district, 'supply.units', `f.project=${id}&f.status=vacant&limit=1`)
    const code = String(unit!.code)
    await district.leave()
    const chief = await Staff.signIn(browser, 'liangchen')
    const { page } = chief
    const line = page.getByRole('complementary', { name: '项目' }).getByRole('button', { pressed: true })
    const rentable = async () => Number(/可租 (\d+)/.exec((await line.textContent()) ?? '')?.[1])
    await page.goto(`/office/supply/publishing?project=${id}&list=published`)
    await expect(page.getByLabel(`选择 ${code}`)).toBeVisible()
    const before = await rentable()
    await actOn(page, code, '回退发布', new RegExp(`现有可租 ${before - 1} 套`))
    expect(await rentable()).toBe(before - 1)
    await turnTo(page, '待发布')
    await actOn(page, code, '发布', new RegExp(`现有可租 ${before} 套`))
    expect(await rentable()).toBe(before)
    await chief.leave()
  },
)

test(
  'a unit is recovered, confirmed, taken back, judged by the district and offered again, each by whose turn it is',
  covers('SH-184.7', 'SH-184.8', 'SH-184.9', 'SH-187.5'),
  async ({ browser }) => {
    const district = await Staff.signIn(browser, 'zhoumin')
    const chief = await Staff.signIn(browser, 'liangchen')
    const [project] = await rowsOf(district, 'supply.projects', 'q=JW02')
    const [unit] = await rowsOf(district, 'supply.units', `f.project=${project!.id}&f.status=vacant&sort=-code&limit=1`)
    const code = String(unit!.code)
    const open = (staff: Staff, list: string) =>
      staff.page.goto(`/office/supply/publishing?project=${project!.id}&list=${list}`)
    const opinion = async (result: string, accuracy: string) => {
      await district.page.getByRole('button', { name: '填写审核意见' }).click()
      const dialog = district.page.getByRole('dialog', { name: /^供应信息审核/ })
      await dialog.getByText(result, { exact: true }).click()
      await dialog.getByLabel('信息准确性意见').fill(accuracy)
      await dialog.getByLabel('合规性意见').fill('租金不高于核定标准')
      await dialog.getByRole('button', { name: '提交审核意见' }).click()
      await expect(dialog).toBeHidden()
      await expect(district.page.getByText(`区级意见：${result}`)).toBeVisible()
    }

    await open(chief, 'published')
    await expect(chief.page.getByRole('button', { name: '填写审核意见' })).toHaveCount(0)
    await actOn(chief.page, code, '回收房源', /回收房源 1 套/, '供应计划调整')

    await open(district, 'unconfirmed')
    await expect(district.page.getByRole('row').filter({ hasText: code })).toContainText('待确认')
    await actOn(district.page, code, '确认房源', /确认房源 1 套/)
    await turnTo(district.page, '待发布')
    await expect(district.page.getByRole('button', { name: /^发布/ })).toHaveCount(0)
    await actOn(district.page, code, '取消确认', /取消确认 1 套/, '面积要再核一次')
    await turnTo(district.page, '待确认')
    await actOn(district.page, code, '确认房源', /确认房源 1 套/)

    await opinion('需要更正', '有一套面积与成果数据不一致')
    await open(chief, 'ready')
    await chief.page.getByLabel(`选择 ${code}`).check()
    await chief.page.getByRole('button', { name: '发布（1 套）' }).click()
    await chief.page.getByRole('dialog', { name: '发布' }).getByRole('button', { name: '发布', exact: true }).click()
    await expect(chief.page.getByText('区级审核意见为“需要更正”，不能发布')).toBeVisible()
    await opinion('信息准确、合规', '已核对，面积与成果数据一致')
    await open(chief, 'ready')
    await actOn(chief.page, code, '发布', /发布 1 套/)

    await chief.page.goto(`/office/supply/units/${unit!.id}`)
    for (const words of ['回收房源', '供应计划调整', '取消确认', '面积要再核一次'])
      await expect(chief.page.getByText(words).first()).toBeVisible()
    await district.page.goto('/office/registers/supply.reviews')
    const given = district.page.getByRole('table', { name: '供应信息审核' }).getByRole('row')
    await expect(given.nth(1)).toContainText('已核对，面积与成果数据一致')
    await expect(given.nth(2)).toContainText('有一套面积与成果数据不一致')
    await chief.leave()
    await district.leave()
  },
)

test('a board of thousands of units draws those in sight, both ways, and all of them on paper', async ({ browser }) => {
  const [floors, across] = [24, 80]
  const keeper = await Staff.signIn(browser, 'guanli')
  const { page } = keeper
  const [operator] = await rowsOf(keeper, 'supply.operators', 'q=LZ-OP-04')
  const mark = `BB${Date.now() % 1_000_000}`
  const values = {
    code: mark, name: `云溪高楼${mark}`, programme: 'affordable_rental', division: '339904', operator: operator!.id,
  } // prettier-ignore
  const project = await keeper.ask<{ id: number }>('POST', '/registers/supply.projects/rows', { values })
  const lines = ['项目编码,小区名称,楼栋,地上层数,室号,楼层,户型,建筑面积,月租金']
  for (let floor = 1; floor <= floors; floor++)
    for (let n = 1; n <= across; n++)
      lines.push(`${mark},云溪高楼,1号楼,${floors},${floor}${String(n).padStart(3, '0')},${floor},一室户,30,800`)
  const file = { name: `${mark}.csv`, mimeType: 'text/csv', buffer: Buffer.from(`\ufeff${lines.join('\r\n')}`, 'utf8') }
  const headers = { 'X-Anju-Client': 'office' }
  const begun = await page.context().request.post('/api/registers/supply.units/imports?kind=supply', {
    headers,
    multipart: { file },
  })
  const sheet = ((await begun.json()) as { id: number }).id
  const state = async () => (await keeper.ask<{ state: string }>('GET', `/imports/${sheet}`)).state
  await expect.poll(state, { timeout: 30_000 }).toBe('checked')
  await keeper.ask('POST', `/imports/${sheet}/run`)
  await expect.poll(state, { timeout: 30_000 }).toBe('done')

  await page.goto(`/office/board?project=${project.id}`)
  const grid = page.getByRole('grid')
  const cells = grid.locator('[role=gridcell]')
  const room = (number: string) => cells.filter({ has: page.getByText(number, { exact: true }) })
  await expect(room('24001')).toBeVisible()
  await expect(grid).toHaveAttribute('aria-rowcount', String(floors + 1))
  await expect(grid).toHaveAttribute('aria-colcount', String(across + 1))
  const most = 600
  expect(await cells.count()).toBeGreaterThan(100)
  expect(await cells.count()).toBeLessThan(most)
  await expect(room('1080')).toHaveCount(0)
  const box = page.getByRole('region', { name: '1号楼房态' })
  await box.evaluate((element) => element.scrollTo(element.scrollWidth, element.scrollHeight))
  await expect(room('1080')).toBeInViewport()
  await expect(room('24001')).toHaveCount(0)
  await expect(grid.getByRole('columnheader', { name: /^080 室/ })).toBeInViewport()
  expect(await cells.count()).toBeLessThan(most)

  // The keyboard comes to a cell in sight, and what it walks to is brought into sight, with its card.
  const stop = grid.locator('[role=gridcell] [tabindex="0"]')
  await expect(stop).toHaveCount(1)
  await room('1080').getByRole('button').focus()
  for (let step = 0; step < 20; step++) await page.keyboard.press('ArrowLeft')
  for (let step = 0; step < 16; step++) await page.keyboard.press('ArrowUp')
  await expect(room('17060').getByRole('button')).toBeFocused()
  await expect(room('17060')).toBeInViewport()
  await expect(page.getByRole('tooltip')).toContainText('1号楼 17060 室')
  await room('16060').hover()
  await expect(page.getByRole('tooltip')).toContainText('1号楼 16060 室')
  await page.mouse.move(5, 5)
  await expect(page.getByRole('tooltip')).toHaveCount(0)
  await room('17060').getByRole('button').blur()
  await room('17060').getByRole('button').focus()
  await expect(page.getByRole('tooltip')).toContainText('1号楼 17060 室')
  await box.evaluate((element) => element.scrollTo(0, 0))
  await expect(room('24001')).toBeInViewport()
  await expect(page.getByRole('tooltip')).toHaveCount(0)
  await expect(stop).toHaveCount(1)

  await page.emulateMedia({ media: 'print' })
  await expect(cells).toHaveCount(floors * across)
  const widths = await cells.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width))
  expect(Math.min(...widths)).toBeGreaterThan(100)
  await expect(room('1080')).toBeVisible()
  await expect(page.getByText(/1号楼 房态图$/)).toBeVisible()
  for (const name of ['打印', '刷新']) await expect(page.getByRole('button', { name })).toBeHidden()
  await page.emulateMedia({ media: 'screen' })
  await expect.poll(() => cells.count()).toBeLessThan(most)
  await keeper.leave()
})

test('a report leads to its rows, and the map’s list to a project', async ({ browser }) => {
  const district = await Staff.signIn(browser, 'zhoumin')
  const { page } = district
  await page.goto('/office/reports/supply.units_by_project')
  // no unit of this project was lent to another district, which would have it in its list
  const row = page.getByRole('row').filter({ hasText: '江湾新城人才公寓' }).first()
  const units = Number((await row.getByRole('cell').nth(1).textContent())?.replace(/\D/g, ''))
  expect(units).toBeGreaterThan(0)
  await page.emulateMedia({ media: 'print' })
  // a sheet of paper is narrower than the screen, and nothing is cut off at its edge
  await page.setViewportSize({ width: 718, height: 1040 })
  await expect(row).toBeVisible()
  await expect(page.getByText('柱', { exact: true })).toBeHidden()
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(718)
  await page.setViewportSize(DESK)
  await expect(page.getByRole('button', { name: '打印' })).toBeHidden()
  await expect(row.getByRole('link', { name: '明细' })).toBeHidden()
  await expect(page.getByRole('navigation').first()).toBeHidden()
  await page.emulateMedia({ media: 'screen' })
  await row.getByRole('link', { name: '明细' }).click()
  await expect(page).toHaveURL(/registers\/supply\.units\?.*f\.project=\d+/)
  await expect(page.getByText(`共 ${units} 套`)).toBeVisible()
  await expect(page.getByRole('table', { name: '房源' }).getByRole('row').nth(1)).toContainText('江湾新城')

  await page.goto('/office/supply/map')
  await page.getByLabel('查找项目').fill('江湾家园')
  const list = page.getByRole('list', { name: '项目' })
  await expect(list.getByRole('listitem')).toHaveCount(1)
  await list.getByRole('button').click()
  await expect(list.getByRole('button')).toHaveAttribute('aria-pressed', 'true')
  await list.getByRole('link', { name: '打开江湾家园' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('江湾家园')
  await district.leave()
})

test('a report is crossed, narrowed, compared and downloaded, and a cell leads to its rows', async ({ browser }) => {
  const district = await Staff.signIn(browser, 'zhoumin')
  const { page } = district
  await page.goto('/office/reports/supply.units_by_project')
  const table = page.getByRole('region', { name: '表' })
  await choose(page, '列', '户型')
  await expect(table.getByText('按户型：房源套数（套）')).toBeVisible()
  await page
    .locator('.el-select__wrapper')
    .filter({ has: page.getByRole('combobox', { name: '筛选保障类别' }) })
    .click()
  await page.getByRole('option', { name: '公共租赁住房' }).click()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/columns=layout&f\.programme=public_rental/)
  const cell = table.getByRole('row').nth(3).getByRole('link').first()
  const units = Number(await cell.textContent())
  await cell.click()
  await expect(page).toHaveURL(/registers\/supply\.units\?.*f\.project=\d+/)
  await expect(page.getByText(`共 ${units} 套`)).toBeVisible()
  await page.goBack()
  await expect(table.getByText('按户型：房源套数（套）')).toBeVisible()
  await choose(page, '对比', '对比上月同期')
  await expect(
    page.getByRole('status').filter({ hasText: '上月同期' }).or(table.getByText('上月同期')).first(),
  ).toBeVisible()
  const sheet = page.waitForEvent('download')
  await page.getByRole('link', { name: '导出' }).click()
  expect((await sheet).suggestedFilename()).toMatch(/^项目房源与出租率_\d{8}\.xlsx$/)
  await page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: '统计分析' }).click()
  await page.getByRole('link', { name: '各月房源发布与回退' }).click()
  await expect(page.getByRole('combobox', { name: '时段' }).or(page.getByLabel('时段')).first()).toBeVisible()
  await district.leave()
})

test('a file with names of its own is mapped, corrected, brought in, and taken back whole', async ({ browser }) => {
  const clerk = await Staff.signIn(browser, 'fangting')
  const { page } = clerk
  const mark = `M${Date.now() % 1_000_000}`
  const lines = [
    `项目编码,项目名称,保障类别,所在区${mark},运营机构编码`,
    `${mark}A,清河家园,公共租赁住房,江湾区,LZ-OP-01`,
    `${mark}B,白石家园,公共租赁住房,江湾县,LZ-OP-01`,
  ]
  await page.goto('/office/registers/supply.projects')
  await page.getByRole('button', { name: '导入' }).click()
  const drawer = page.getByRole('dialog').filter({ hasText: '导入项目' })
  await drawer.locator('input[type=file]').setInputFiles({
    name: `${mark}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`, 'utf8'),
  })
  await expect(drawer).toContainText('文件里有模板没有的列名')
  await choose(drawer, `所在区${mark}对应到`, /^行政区划/)
  await drawer.getByRole('button', { name: '就这样对应，继续试运行' }).click()
  const problems = drawer.getByRole('region', { name: '未通过的行' })
  await problems.getByLabel(/第 3 行 行政区划/).fill('江湾区')
  await problems.getByLabel(/第 3 行 行政区划/).press('Tab')
  await drawer.getByRole('button', { name: '导入 2 行' }).click()
  await expect(drawer.getByRole('button', { name: '撤销这次导入' })).toBeVisible()
  const rowsLeft = async () => (await rowsOf(clerk, 'supply.projects', `q=${mark}`)).map((row) => row.name)
  expect(await rowsLeft()).toEqual(['清河家园', '白石家园'])
  await drawer.getByRole('button', { name: '完成' }).click()
  await page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: '导入记录' }).click()
  await page
    .getByRole('row')
    .filter({ hasText: `${mark}.csv` })
    .getByRole('button', { name: '查看' })
    .click()
  await drawer.getByRole('button', { name: '撤销这次导入' }).click()
  await page.getByRole('dialog', { name: '撤销这次导入' }).getByRole('button', { name: '撤销导入' }).click()
  await expect(drawer.getByRole('button', { name: '撤销这次导入' })).toBeHidden()
  await expect.poll(rowsLeft).toEqual([])
  await clerk.leave()
})
