/** Real-name verification by photographs, reviewed by a clerk; codes and pictures that are none; what a newcomer sees. */
import { expect, test } from '@playwright/test'
import { covers } from './lib/covers'
import { python } from './lib/installation'
import { somebody } from './lib/people'
import { Resident } from './lib/resident'
import { Staff } from './lib/staff'

test(
  'photographs are refused with a reason the resident reads, then approved',
  covers('ZB-01.1', 'ZB-04.1', 'ZB-04.4'),
  async ({ browser }) => {
    const person = somebody('许静怡')
    const resident = await Resident.arrive(browser, person)
    const { page } = resident
    await resident.chooseCity()
    await resident.register()
    await page.goto('/apply')
    await expect(page.getByRole('link', { name: '去做实名认证' })).toBeVisible()

    const handIn = async () => {
      await page.goto('/identity')
      await page.getByRole('link', { name: /证件照片认证/ }).click()
      await resident.writeClaim()
      for (const side of ['证件正面', '证件反面', '手持证件']) await resident.give(side, side)
      await expect(page.getByRole('button', { name: /^放大看/ })).toHaveCount(3)
      await page.getByRole('button', { name: '交照片' }).click()
      await expect(page.getByRole('heading', { name: '正在核对你的证件照片' })).toBeVisible()
    }
    await handIn()

    const clerk = await Staff.signIn(browser, 'fangting')
    const review = async () => {
      await clerk.page.goto('/office/registers/citizen.verifications')
      await clerk.page
        .getByRole('row')
        .filter({ hasText: '许静怡' })
        .filter({ hasText: '待审核' })
        .getByText('许静怡')
        .click()
      await clerk.page.getByRole('button', { name: '打开完整页面' }).click()
      await expect(clerk.page.getByText(person.idNumber)).toBeVisible()
      await expect(clerk.page.getByRole('img', { name: '证件正面' })).toBeVisible()
    }
    await review()
    await clerk.page.getByRole('button', { name: '不通过' }).click()
    await clerk.page.getByRole('button', { name: '确认不通过' }).click()
    await expect(clerk.page.getByRole('alert')).toContainText('至少')
    await clerk.page.getByRole('button', { name: '照片模糊，看不清证件号码' }).click()
    await clerk.page.getByRole('button', { name: '确认不通过' }).click()
    await expect(clerk.page.getByText('未通过', { exact: true })).toBeVisible()

    await page.reload()
    await expect(page.getByText('原因：照片模糊，看不清证件号码')).toBeVisible()
    await handIn()
    await review()
    await clerk.page.getByRole('button', { name: '通过', exact: true }).click()
    await expect(clerk.page.getByText('已通过', { exact: true }).first()).toBeVisible()
    await page.reload()
    await expect(page.getByRole('heading', { name: '实名认证通过了' })).toBeVisible()
    await page.goto('/apply')
    await expect(page.getByRole('link', { name: '开始申请' })).toBeVisible()
    await clerk.leave()

    // Nobody has applied yet: the records say so (ZB-06.1).
    await page.goto('/records')
    await expect(page.getByText('暂无记录')).toBeVisible()
    await resident.leave()
  },
)

test(
  'impossible numbers, wrong codes and files that are no pictures are answered in words',
  covers('ZB-03.2', 'ZB-04.2', 'ZB-04.3'),
  async ({ browser }) => {
    const person = somebody('方可欣')
    const resident = await Resident.arrive(browser, person)
    const { page } = resident
    await resident.chooseCity()
    await page.goto('/register')
    await page.getByLabel('手机号').fill(person.phone)
    await page.getByRole('button', { name: '获取验证码' }).click()
    await expect(page.getByText(/\d+ 秒后可以再发一次/)).toBeVisible()
    await page.getByLabel('短信里的 6 位数字').fill('000001')
    await page.getByRole('button', { name: '下一步' }).click()
    await expect(page.getByRole('alert').first()).toContainText('验证码')
    await resident.leave()

    const other = await Resident.arrive(browser, somebody('方可欣'))
    await other.chooseCity()
    await other.register()
    await other.page.goto('/identity/photos')
    await other.page.getByLabel('姓名').fill('方可欣')
    await other.page.getByLabel('证件号码').fill('339901199002302222')
    const chooser = other.page.waitForEvent('filechooser')
    await other.page.getByRole('button', { name: /^从相册选：证件正面/ }).click()
    await (
      await chooser
    ).setFiles({
      name: '正面.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('<script>alert(1)</script>'.repeat(80)),
    })
    await expect(other.page.getByRole('alert').filter({ hasText: /照片/ }).first()).toBeVisible()
    for (const side of ['证件正面', '证件反面', '手持证件']) await other.give(side, side)
    await expect(other.page.getByRole('button', { name: /^放大看/ })).toHaveCount(3)
    await other.page.getByRole('button', { name: '交照片' }).click()
    await expect(other.page.getByRole('alert').first()).toContainText(/证件号码|身份证号/)
    await other.leave()
  },
)

test(
  'a first visit asks for the city; the choice is kept and can be changed',
  covers('ZB-02.1', 'ZB-02.2'),
  async ({ browser }) => {
    const resident = await Resident.arrive(browser, somebody('访客'))
    const { page } = resident
    await page.goto('/')
    await expect(page).toHaveURL(/\/city/)
    await expect(page.getByText('江湾区')).toHaveCount(0)
    await resident.chooseCity()
    await expect(page.getByText('欢迎来到浙江省澜州市')).toBeVisible()
    await page.reload()
    await expect(page.getByText('欢迎来到浙江省澜州市')).toBeVisible()
    await page.goto('/notices')
    await expect(page.getByRole('link', { name: /澜州市/ }).first()).toBeVisible()
    await resident.leave()
  },
)

/** Makes the product's role of the streets give the rights said, and offers those that it lacks as an upgrade would. */
function streets(...rights: string[]): void {
  const script = `
from django.db import transaction
from anju.identity.models import Role, ShippedRight
from anju.identity.roles import as_json, set_permissions
from anju.kernel.scope import system
role = Role.objects.get(key="street_clerk")
shipped = ShippedRight.objects.filter(role_key=role.key)
rights = sorted({*role.rights, *shipped.values_list("right", flat=True)} - {*${JSON.stringify(rights)}})
with transaction.atomic():
    set_permissions(role, role.version, as_json(role) | {"rights": rights}, system())
    shipped.exclude(right__in=rights).update(state="offered")
    shipped.filter(right__in=rights).update(state="held")
`
  python('-m', 'anju', 'shell', '-c', script)
}

test('what an upgrade brings to a role is granted or put aside by the security administrator', async ({ browser }) => {
  streets('calendar.day.view', 'cases.case.view')
  const keeper = await Staff.signIn(browser, 'anquan')
  const { page } = keeper
  await page.goto('/office/registers/identity.roles')
  await expect(page.getByText('升级给 1 个角色带来 2 项新权限，尚未授予')).toBeVisible()
  await page.getByRole('button', { name: '查看并决定' }).click()
  const drawer = page.getByRole('dialog', { name: '新版本带来的权限' })
  const street = drawer.getByRole('region', { name: '街道经办' })
  await expect(street).toContainText('2 项，1 人持有')
  await expect(street.getByRole('button', { name: '授予所选', exact: true })).toBeDisabled()
  const tick = (what: string) => street.locator('.el-checkbox').filter({ hasText: what }).click()
  await tick('案件：查看')
  await street.getByRole('button', { name: '授予所选 1 项' }).click()
  await expect(page.getByText('已授予街道经办 1 项权限，持有人下一次操作起生效')).toBeVisible()
  await expect(street).toContainText('1 项，1 人持有')
  await expect(street).not.toContainText('案件：查看')
  await tick('全选')
  await street.getByRole('button', { name: '不授予所选' }).click()
  await expect(page.getByText('已记下，不再提示')).toBeVisible()
  // nothing is left to decide, here and after coming back
  await expect(drawer).toBeHidden()
  await expect(page.getByText('尚未授予')).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('row').filter({ hasText: '街道经办' })).toBeVisible()
  await expect(page.getByText('尚未授予')).toHaveCount(0)
  await keeper.leave()
  streets()
})
