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
