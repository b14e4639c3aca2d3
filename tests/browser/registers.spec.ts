/** Registers as a clerk uses them: finding, columns, views, history, two people at one record, import, export; and sign-in. */
import { expect, test, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { choose } from './lib/controls'
import { covers } from './lib/covers'
import { STAFF_PASSWORD } from './lib/people'
import { openSignIn, Staff } from './lib/staff'

let clerk: Staff
let page: Page

test.describe('sign-in', () => {
  test('a captcha serves once and a click brings another', covers('PR-01.1', 'PR-01.2'), async ({ page: fresh }) => {
    const first = await openSignIn(fresh)
    const second = fresh.waitForResponse((answer) => answer.url().endsWith('/api/identity/captcha'))
    await fresh.getByRole('button', { name: '看不清，换一张' }).click()
    const captcha = ((await (await second).json()) as { id: string }).id
    expect(captcha).not.toBe(first)
    const attempt = async (password: string, answer: string) => {
      await fresh.getByLabel('账号').fill('fangting')
      await fresh.locator('input[name=password]').fill(password)
      await fresh.locator('input[name=captcha]').fill(answer)
      const next = fresh.waitForResponse((one) => one.url().endsWith('/api/identity/captcha'))
      await fresh.getByRole('button', { name: '登录', exact: true }).click()
      return ((await (await next).json()) as { id: string }).id
    }
    // With a wrong captcha a right and a wrong password are told the same.
    const next = await attempt(STAFF_PASSWORD, 'zzzz')
    const error = fresh.locator('.el-form-item__error').first()
    await expect(error).toContainText('验证码')
    const told = (await error.textContent()) ?? ''
    await attempt('Wrong-2026-demo', 'zzzz')
    await expect(error).toHaveText(told)
    expect(next).not.toBe(captcha)
    await expect(fresh.getByRole('link', { name: '注册' })).toHaveCount(0)
  })
})

test.describe('registers', () => {
  test.beforeAll(async ({ browser }) => {
    clerk = await Staff.signIn(browser, 'fangting')
    page = clerk.page
  })
  test.afterAll(async () => clerk.leave())

  const table = () => page.getByRole('table', { name: /房源|项目/ }).first()
  const firstCode = () => table().getByRole('row').nth(1)

  test('filters, sorts, turns pages forth and back, and the address keeps it', async () => {
    await page.goto('/office/registers/supply.units')
    await expect(table().getByRole('row').nth(1)).toBeVisible()
    await choose(page, '每页行数', '20')
    const first = await firstCode().textContent()
    await page.getByRole('button', { name: '下一页' }).click()
    await expect(firstCode()).not.toHaveText(first ?? '')
    await page.getByRole('button', { name: '上一页' }).click()
    await expect(firstCode()).toHaveText(first ?? '')

    const head = table().getByRole('columnheader').filter({ hasText: '月租金' })
    await head.getByRole('button').click()
    await expect(head).toHaveAttribute('aria-sort', 'ascending')
    await head.getByRole('button').click()
    await expect(head).toHaveAttribute('aria-sort', 'descending')

    await page.getByRole('search').getByRole('button', { name: /^状态/ }).click()
    await page.locator('.el-checkbox').filter({ hasText: '可供应' }).click()
    await page.keyboard.press('Escape')
    await expect(table().getByRole('row').nth(1)).toContainText('可供应')
    await expect(table()).not.toContainText('已出租')
    await page.reload()
    await expect(table().getByRole('row').nth(1)).toContainText('可供应')
    await expect(table()).not.toContainText('已出租')
  })

  test('keeps a view of one’s own, and a choice of columns', async () => {
    await page.getByRole('button', { name: '存为视图' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('可供应按租金')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /保存|确定/ })
      .click()
    await page.getByRole('button', { name: /^全部房源/ }).click()
    await expect(page.getByRole('button', { name: '可供应按租金', exact: true })).toBeVisible()
    await page.getByRole('button', { name: '可供应按租金', exact: true }).click()
    await expect(table().getByRole('row').nth(1)).toContainText('可供应')
    await page.getByRole('button', { name: '删除视图 可供应按租金' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '删除视图' }).click()
    await expect(page.getByRole('button', { name: '可供应按租金', exact: true })).toHaveCount(0)

    await page.getByRole('button', { name: '选择列' }).click()
    await page.locator('.el-checkbox').filter({ hasText: '朝向' }).click()
    await page.keyboard.press('Escape')
    await expect(table().getByRole('columnheader').filter({ hasText: '朝向' })).toHaveCount(0)
    await page.reload()
    await expect(table().getByRole('row').nth(1)).toBeVisible()
    await expect(table().getByRole('columnheader').filter({ hasText: '朝向' })).toHaveCount(0)
  })

  test('creates, changes, shows the history; two people at one record lose nothing', covers('PR-04.1'), async () => {
    const code = `T${Date.now() % 1_000_000}`
    await page.goto('/office/registers/supply.projects')
    await page.getByRole('button', { name: '新增项目' }).click()
    const drawer = page.getByRole('dialog', { name: /新增项目/ })
    await drawer.getByLabel('项目编码').fill(code)
    await drawer.getByLabel('项目名称').fill('望江新苑')
    await choose(drawer, '保障类别', '公共租赁住房')
    await choose(drawer, '行政区划', '江湾区')
    await choose(drawer, '运营机构', /澜州安居/)
    await drawer.getByRole('button', { name: '保存' }).click()
    await expect(drawer).toBeHidden()

    const edit = async (on: Page, street: string) => {
      await on.goto('/office/registers/supply.projects')
      await on.getByRole('textbox', { name: /^搜索：/ }).fill(code)
      const row = on.getByRole('row').filter({ hasText: code })
      await expect(on.getByRole('table', { name: '项目' }).getByRole('row')).toHaveCount(2)
      await row.getByRole('button', { name: '编辑' }).click()
      await on
        .getByRole('dialog', { name: /编辑项目/ })
        .getByLabel('街道（镇）')
        .fill(street)
    }
    const other = await page.context().newPage()
    await edit(page, '望江街道')
    await edit(other, '青溪街道')
    await page
      .getByRole('dialog', { name: /编辑项目/ })
      .getByRole('button', { name: '保存' })
      .click()
    await expect(page.getByRole('dialog', { name: /编辑项目/ })).toBeHidden()
    await other
      .getByRole('dialog', { name: /编辑项目/ })
      .getByRole('button', { name: '保存' })
      .click()
    const conflict = other.getByRole('dialog', { name: '内容已被他人修改' })
    await expect(conflict).toContainText('望江街道')
    await expect(conflict).toContainText('青溪街道')
    await conflict.getByText('青溪街道').click()
    await conflict.getByRole('button', { name: '按选择保存' }).click()
    await expect(other.getByRole('dialog', { name: /编辑项目/ })).toBeHidden()
    await other.close()

    await page.goto('/office/registers/supply.projects')
    await page.getByRole('textbox', { name: /^搜索：/ }).fill(code)
    await page.getByRole('row').filter({ hasText: code }).getByText('望江新苑').click()
    await page.getByRole('button', { name: /变更历史/ }).click()
    const panel = page.getByRole('complementary', { name: '望江新苑' })
    await expect(panel).toContainText('方婷')
    await expect(panel.getByRole('listitem').first()).toContainText('青溪街道')
  })

  test('an empty project is deleted, and is gone from the list', covers('PR-04.1'), async () => {
    const code = `D${Date.now() % 1_000_000}`
    const [operator] = (
      await clerk.ask<{ rows: { id: number }[] }>('GET', '/registers/supply.operators/rows?q=LZ-OP-01')
    ).rows
    const values = { code, name: '待删空项目', programme: 'public_rental', division: '339901', operator: operator!.id }
    await clerk.ask('POST', '/registers/supply.projects/rows', { values })
    await page.goto('/office/registers/supply.projects')
    await page.getByRole('textbox', { name: /^搜索：/ }).fill(code)
    const rows = page.getByRole('table', { name: '项目' }).getByRole('row').filter({ hasText: code })
    await rows.getByRole('button', { name: '更多操作' }).click()
    await page.getByRole('menuitem', { name: '删除' }).click()
    const dialog = page.getByRole('dialog', { name: `删除 ${code}` })
    await dialog.getByRole('button', { name: '删除', exact: true }).click()
    await expect(dialog).toBeHidden()
    await expect(rows).toHaveCount(0)
    await page.reload()
    await page.getByRole('textbox', { name: /^搜索：/ }).fill(code)
    await expect(page.getByText('待删空项目')).toHaveCount(0)
  })

  test('a project with buildings is not deleted, and the page says why', covers('PR-04.1'), async () => {
    await page.goto('/office/registers/supply.projects')
    const row = page.getByRole('table', { name: '项目' }).getByRole('row').filter({ hasText: 'JW01' })
    await row.getByRole('button', { name: '更多操作' }).click()
    await page.getByRole('menuitem', { name: '删除' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /删除|确定/ })
      .click()
    await expect(
      page
        .getByText(/小区|楼栋/)
        .filter({ hasText: /不能删除|移除/ })
        .first(),
    ).toBeVisible()
  })

  test(
    'imports: template, wrong rows, a correction in place, the run, the failures as a file',
    covers('PR-03.1', 'PR-03.2', 'PR-03.3', 'PR-03.4', 'PR-04.2'),
    async () => {
      await page.goto('/office/registers/supply.projects')
      await page.getByRole('button', { name: '导入' }).click()
      const drawer = page.getByRole('dialog').filter({ hasText: '导入项目' })
      const template = page.waitForEvent('download')
      await drawer.getByRole('link', { name: '下载模板' }).click()
      expect((await template).suggestedFilename()).toMatch(/\.xlsx$/)
      const mark = `I${Date.now() % 1_000_000}`
      const lines = [
        '项目编码,项目名称,保障类别,行政区划,运营机构编码',
        `${mark}A,沧浪家园,公共租赁住房,江湾区,LZ-OP-01`,
        `${mark}B,明德家园,公共租赁住房,江湾县,LZ-OP-01`,
        `${mark}C,石桥家园,公共租赁住房,江湾区,LZ-OP-99`,
      ]
      await drawer.locator('input[type=file]').setInputFiles({
        name: '项目.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`, 'utf8'),
      })
      const problems = drawer.getByRole('region', { name: '未通过的行' })
      await expect(problems.getByRole('row')).toHaveCount(3)
      await problems.getByLabel(/第 3 行 行政区划/).fill('江湾区')
      await problems.getByLabel(/第 3 行 行政区划/).press('Tab')
      await expect(problems.getByRole('row').filter({ hasText: `${mark}B` })).toContainText('已更正')
      await drawer.getByRole('button', { name: /^(正式)?导入/ }).click()
      await expect(drawer).toContainText(/已完成|导入完成|完成/)

      await drawer.getByRole('link', { name: '导入记录' }).click()
      await choose(page, '导入种类', /^小区$/)
      await expect(page.getByRole('row').filter({ hasText: '项目.csv' })).toHaveCount(0)
      await choose(page, '导入种类', /^项目$/)
      const logged = page.getByRole('row').filter({ hasText: '项目.csv' }).first()
      const file = page.waitForEvent('download')
      await logged.getByRole('link', { name: '失败文件' }).click()
      expect(
        readFileSync(await (await file).path())
          .subarray(0, 2)
          .toString(),
      ).toBe('PK')
      await page.goto('/office/registers/supply.projects')
      await page.getByRole('textbox', { name: /^搜索：/ }).fill(mark)
      await expect(page.getByRole('table', { name: '项目' }).getByRole('row')).toHaveCount(3)
    },
  )

  test('exports what is shown, in the background, and the file is there', async () => {
    await page.goto('/office/registers/supply.units')
    await page.getByRole('button', { name: '导出' }).click()
    await page.getByRole('dialog', { name: '导出房源' }).getByRole('button', { name: '开始导出' }).click()
    await page.getByRole('button', { name: /^后台任务/ }).click()
    const file = page.waitForEvent('download')
    await page.getByRole('link', { name: /下载/ }).first().click()
    expect((await file).suggestedFilename()).toMatch(/\.xlsx$/)
  })

  test('a record without its parent is refused where it is missing', covers('PR-05.1'), async () => {
    await page.goto('/office/registers/supply.buildings')
    await page.getByRole('button', { name: /新增楼栋/ }).click()
    const drawer = page.getByRole('dialog', { name: /新增楼栋/ })
    await drawer.getByRole('button', { name: '保存' }).click()
    await expect(drawer.getByRole('alert').first()).toBeVisible()
    await expect(drawer).toContainText(/小区/)
    await drawer.getByRole('button', { name: '取消' }).click()
  })
})
