/** Every page of both faces, as the routers list them, is without serious faults of accessibility; and the keyboard alone suffices. */
import { createRequire } from 'node:module'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { captchaAnswer, DESK, openSignIn, Staff } from './lib/staff'
import { PHONE, Resident } from './lib/resident'
import { STAFF_PASSWORD } from './lib/people'
import { quiet } from './lib/quiet'
import { addresses, routesOf, type Examples } from './lib/routes'
import { world, type World } from './lib/world'

const SIZES = [DESK, PHONE]
const AXE = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js')

/** Serious and critical violations of the page that is open, as lines that say where. */
async function faults(page: Page): Promise<string[]> {
  // In one piece in the page itself: a second page for the end of it, meant for frames of other origins, takes longer.
  // The mark of who looks is decoration meant to be faint, which the rule on contrast leaves out (WCAG 1.4.3).
  // Told of in full is what is wrong; to write down all that is right takes as long as looking at it.
  // The page brings the program with it (`look`), so there is nothing to send: four times a page it would be read anew.
  const axe = new AxeBuilder({ page, axeSource: 'void 0' }).setLegacyMode(true).exclude('[data-watermark]')
  const { violations } = await axe
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .analyze()
  return violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map(
      (one) =>
        `${one.id}: ${one.nodes
          .map((node) => node.target.join(' '))
          .slice(0, 5)
          .join(' | ')}`,
    )
}

/** Waits until nothing of the page is drawn grey or moves: text in the middle of a transition has no colour of its own. */
async function still(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy=true]').filter({ visible: true })).toHaveCount(0)
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))))
}

async function look(page: Page, list: string[]): Promise<void> {
  const told: string[] = []
  const read = quiet(page)
  await page.addInitScript({ path: AXE })
  for (const address of list) {
    await page.setViewportSize(SIZES[0] ?? DESK)
    await page.goto(address)
    await read()
    await still(page)
    // Where one was turned away there would be nothing to find.
    if (address !== '/sign-in' && address !== '/office/login') await expect(page).not.toHaveURL(/sign-in|login/)
    if (!address.endsWith('/nowhere')) {
      await expect.soft(page.locator('.failure'), address).toHaveCount(0)
      await expect.soft(page.getByText(/没有这个页面|没有读到数据|没有查看权限/), address).toHaveCount(0)
    }
    for (const size of SIZES) {
      await page.setViewportSize(size)
      await still(page)
      for (const fault of await faults(page)) told.push(`${address} at ${size.width}: ${fault}`)
    }
  }
  expect.soft(told).toEqual([])
}

const CITIZEN: Examples = {
  '/:rest(.*)*': () => ['/nowhere'],
  '/units/:id(\\d+)': ({ unit }) => [`/units/${unit}`],
  '/projects': () => ['/projects', '/projects?shape=map'],
  '/projects/:code': () => ['/projects/JW01'],
  '/u/:code': ({ door }) => [`/u/${door}`],
  '/surveys/:id(\\d+)': () => ['/surveys/1'],
  '/notices/:id(\\d+)': () => ['/notices/1'],
  '/verify/:code?': ({ code }) => ['/verify', `/verify/${code}`],
  '/about/:topic(privacy|accessibility|anju)': () => ['/about/privacy', '/about/accessibility', '/about/anju'],
  '/apply/done/:id(\\d+)': ({ cases }) => [`/apply/done/${cases.large}`],
  '/apply/:page': () =>
    ['place', 'notice', 'commitment', 'form', 'members', 'housing', 'property', 'materials'].map(
      (page) => `/apply/${page}`,
    ),
  '/records/:id(\\d+)': ({ cases }) => [`/records/${cases.large}`],
  '/batches/:id(\\d+)': ({ batch }) => [`/batches/${batch}`],
  '/batches/:id(\\d+)/units/:unit(\\d+)': ({ batch, unit }) => [`/batches/${batch}/units/${unit}`],
  '/appointments/:id(\\d+)': ({ batch, appointment }) => [`/appointments/${appointment}?batch=${batch}`],
  '/contracts/:id(\\d+)': ({ contracts }) => [`/contracts/${contracts.settled}`],
  '/contracts/:id(\\d+)/sign': ({ contracts }) => [`/contracts/${contracts.signing}/sign`],
  '/contracts/:id(\\d+)/terminate': ({ contracts }) => [`/contracts/${contracts.settled}/terminate`],
}

const RESIDENTS = ['settled', 'drafting', 'called', 'large', 'photos', 'signing'] as const

/** Who must be signed in for a page of the residents' site to have something to show. */
function whose(path: string): (typeof RESIDENTS)[number] {
  if (path.startsWith('/apply/done') || path.startsWith('/records/')) return 'large'
  if (path.startsWith('/apply')) return 'drafting'
  if (path.startsWith('/identity')) return 'photos'
  if (path === '/contracts/:id(\\d+)/sign') return 'signing'
  if (/^\/(batches|appointments|waiting)/.test(path)) return 'called'
  return 'settled'
}

const OFFICE: Examples = {
  '/openid': ({ desk }) => [desk.sign_on],
  '/cases/todo/:view?': () => ['/cases/todo'],
  '/matters/new/:type': () => ['/matters/new/construction.estate'],
  '/matters/drafts/:id(\\d+)': ({ draft }) => [`/matters/drafts/${draft}`],
  '/supply/projects/:id(\\d+)': () => ['/supply/projects/1'],
  '/supply/units/:id(\\d+)': ({ unit }) => [`/supply/units/${unit}`],
  '/tasks/:id(\\d+)': ({ desk }) => [`/tasks/${desk.task}`],
  '/registers/:key': () => ['/registers/supply.units', '/registers/waiting.entries?row=1'],
  '/cases/:id(\\d+)': ({ cases }) => [`/cases/${cases.large}`],
  '/definitions/:kind': () => ['/definitions/processes', '/definitions/forms', '/definitions/rules'],
  '/definitions/processes/:key/:version': () => ['/definitions/processes/public_rental/1'],
  '/definitions/forms/:key': () => ['/definitions/forms/public_rental_application'],
  '/definitions/rules/:key': () => ['/definitions/rules/public_rental_limits'],
  '/waiting/batches/:id(new|\\d+)': ({ batch }) => ['/waiting/batches/new', `/waiting/batches/${batch}`],
  '/tenancy/contracts/:id(\\d+)': ({ contracts }) => [`/tenancy/contracts/${contracts.settled}`],
  '/tenancy/templates/:id(\\d+)': ({ desk }) => [`/tenancy/templates/${desk.template}`],
  '/citizen/verifications/:id(\\d+)': ({ verification }) => [`/citizen/verifications/${verification}`],
  '/identity/applications/:id(\\d+)': ({ desk }) => [`/identity/applications/${desk.application}`],
  '/identity/accounts/:id(\\d+)/sessions': ({ desk }) => [`/identity/accounts/${desk.account}/sessions`],
  '/identity/roles/:id(\\d+)': ({ desk }) => [`/identity/roles/${desk.role}`],
  '/identity/posts/:id(\\d+)': ({ desk }) => [`/identity/posts/${desk.post}`],
  '/identity/grants/:id(new|\\d+)': () => ['/identity/grants/new'],
  '/identity/apps/:id(\\d+)': ({ desk }) => [`/identity/apps/${desk.app}`],
  '/reports/:key': () => ['/reports/supply.units_by_division_status'],
  '/:rest(.*)*': () => ['/nowhere'],
}

/** Who works on a page of the office; the first line that fits counts. */
const DESKS: [RegExp, string][] = [
  [/^\/matters/, 'jianshe'],
  [/^\/(definitions|calendar|reports|imports|gateway)/, 'guanli'],
  [/^\/identity\/(policy|flows|menus|apps|tree)/, 'guanli'],
  [/^\/identity\/(applications|accounts)/, 'quguan'],
  [/^\/identity\/(roles|posts|grants|substitutions)/, 'anquan'],
  [/^\/trust\/audit/, 'shenji'],
  [/^\/trust\//, 'anquan'],
  [/^\/tenancy\/templates/, 'liangchen'],
  [/^\/(notices\/manage|screen)/, 'gaoyuan'],
  [/^\/(cases\/:id|tasks\/:id)/, 'zhoumin'],
]
const CLERK = 'fangting'
const account = (path: string): string => DESKS.find(([pattern]) => pattern.test(path))?.[1] ?? CLERK
const NOT_SIGNED_IN = ['/login', '/apply-account', '/held']

/** Each test takes the pages of one person, so that several can look at once. */
test.describe('accessibility', () => {
  test.describe.configure({ mode: 'parallel', timeout: 400_000 })

  for (const who of new Set([CLERK, ...DESKS.map(([, name]) => name)]))
    test(`the office, ${who}`, async ({ page, browser }) => {
      const all = (await routesOf(page, '/office/login')).map((route) => route.path)
      const own = [...new Set(all)].filter((path) => !NOT_SIGNED_IN.includes(path) && account(path) === who)
      expect(own).not.toEqual([])
      const staff = await Staff.signIn(browser, who)
      await look(
        staff.page,
        own.flatMap((path) => addresses(path, OFFICE, world())).map((path) => `/office${path}`),
      )
      await staff.leave()
    })

  test('the office, before its door', async ({ page, browser }) => {
    await look(page, ['/office/login', '/office/apply-account'])
    const { newcomer } = world().desk
    const held = await Staff.knock(browser, newcomer.account, newcomer.password)
    await expect(held.page).toHaveURL(/\/office\/held/)
    await look(held.page, ['/office/held'])
    await held.leave()
  })

  test("the residents' site, signed out", async ({ page }) => {
    const open = (await routesOf(page, '/')).filter((route) => !route.auth)
    await look(
      page,
      open.flatMap((route) => addresses(route.path, CITIZEN, world())),
    )
  })

  for (const who of RESIDENTS)
    test(`the residents' site, ${who}`, async ({ page, browser }) => {
      const all = (await routesOf(page, '/')).filter((route) => route.auth).map((route) => route.path)
      const own = ['/', ...all].filter((path) => whose(path) === who)
      expect(own).not.toEqual([])
      const resident = await Resident.arrive(browser, { name: '', idNumber: '', phone: world().phones[who] })
      // Not the home page: who was never verified has no city yet and is asked for it there.
      await resident.signIn('/records')
      await look(
        resident.page,
        own.flatMap((path) => addresses(path, CITIZEN, world())),
      )
      await resident.leave()
    })
})

/** Presses Tab until what has the focus is named so. */
async function tabTo(page: Page, name: RegExp, most = 150): Promise<void> {
  for (let step = 0; step < most; step++) {
    await page.keyboard.press('Tab')
    const said = await page.evaluate(() => {
      const here = document.activeElement as HTMLInputElement | null
      if (here === document.body) return ''
      const label = here?.labels?.[0]?.textContent ?? ''
      return `${here?.getAttribute('aria-label') ?? ''} ${label} ${here?.textContent ?? ''}`.trim()
    })
    if (name.test(said)) return
  }
  throw new Error(`Tab never reached ${name}`)
}

async function signInByKeys(page: Page): Promise<void> {
  const captcha = await openSignIn(page)
  await expect(page.getByLabel('账号')).toBeFocused()
  await page.keyboard.type('zhoumin')
  await tabTo(page, /密码/)
  await page.keyboard.type(STAFF_PASSWORD)
  await tabTo(page, /图形验证码/)
  await page.keyboard.type(await captchaAnswer(captcha))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('navigation', { name: '主菜单' })).toBeVisible()
}

test.describe('the keyboard alone', () => {
  async function desk(browser: Browser): Promise<Page> {
    return (await browser.newContext({ viewport: DESK })).newPage()
  }

  test('signs a member of staff in and takes him to the outcomes of a case', async ({ browser }) => {
    const page = await desk(browser)
    const read = quiet(page)
    await signInByKeys(page)
    await page.goto(`/office/cases/${world().cases.large}`)
    await read()
    await still(page)
    await page.keyboard.press('Alt+2')
    const outcomes = page.getByRole('group', { name: '办理结果' }).getByRole('button')
    await expect(outcomes.nth(1)).toHaveAttribute('aria-pressed', 'true')
    await page.keyboard.press('Alt+2')
    await expect(outcomes.nth(1)).toHaveAttribute('aria-pressed', 'false')
    await tabTo(page, /^不通过/)
    await page.keyboard.press('Enter')
    await expect(outcomes.nth(1)).toHaveAttribute('aria-pressed', 'true')
    await tabTo(page, /意见$/)
    await page.keyboard.type('核对属实')
    await expect(page.getByRole('region', { name: '办理', exact: true }).getByRole('textbox')).toHaveValue('核对属实')
    await page.context().close()
  })

  test('fills a page of the wizard', async ({ browser }) => {
    const resident = await Resident.arrive(browser, { name: '', idNumber: '', phone: world().phones.drafting }, DESK)
    await resident.signIn('/apply/form')
    const { page } = resident
    await tabTo(page, /本市户籍/)
    await page.keyboard.press('Space')
    await expect(page.getByRole('radio', { name: '本市户籍' })).toBeChecked()
    await tabTo(page, /现在住的地址/)
    await page.keyboard.type('江湾区望江路 86 弄')
    await tabTo(page, /保存并继续/)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert').first()).toBeVisible()
    await resident.leave()
  })
})
