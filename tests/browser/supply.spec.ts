/** Supply as its people use it: a project's film, orders between districts, publication, splitting and merging, map, reports. */
import { expect, test } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { covers } from './lib/covers'
import { film } from './lib/films'
import { somebody } from './lib/people'
import { Resident } from './lib/resident'
import { Staff } from './lib/staff'

interface Row {
  id: number
  [key: string]: unknown
}

const rowsOf = async (staff: Staff, register: string, query: string): Promise<Row[]> =>
  (await staff.ask<{ rows: Row[] }>('GET', `/registers/${register}/rows?${query}`)).rows

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

test('an order between districts is issued, and its paper downloaded', covers('SH-185.5'), async ({ browser }) => {
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
})

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
