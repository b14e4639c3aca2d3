/** Takes the pictures of the main pages for the documentation: `ANJU_PICTURES=docs/pictures npx playwright test pictures`. */
import { test, type Page } from '@playwright/test'
import { resolve } from 'node:path'
import { python, SANDBOX } from './lib/installation'
import { DESK, openSignIn, Staff } from './lib/staff'
import { PHONE, Resident } from './lib/resident'
import { world, type World } from './lib/world'

const FOLDER = resolve(import.meta.dirname, '../..', process.env.ANJU_PICTURES ?? 'test-results/pictures')

async function take(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))))
  await page.screenshot({ path: resolve(FOLDER, `${name}.png`) })
}

test.setTimeout(240_000)
test.afterAll(() => {
  python('-m', 'tests.browser.compress', FOLDER)
})

test('pictures of the office', async ({ browser, page }) => {
  const found = world()
  await page.setViewportSize(DESK)
  await openSignIn(page)
  await take(page, 'office-login')

  const clerk = await Staff.signIn(browser, 'fangting')
  const shots: [string, string][] = [
    ['office-workview', '/'],
    ['office-todo', '/cases/todo'],
    ['office-register', `/registers/supply.units?row=${found.unit}`],
    ['office-board', '/board'],
    ['office-batch', `/waiting/batches/${found.batch}`],
    ['office-contract', `/tenancy/contracts/${found.contracts.settled}`],
    ['office-verification', `/citizen/verifications/${found.verification}`],
  ]
  for (const [name, path] of shots) {
    await clerk.page.goto(`/office${path}`)
    await take(clerk.page, name)
  }
  const reviewer = await Staff.signIn(browser, 'zhoumin')
  await reviewer.page.goto(`/office/cases/${found.cases.large}`)
  await take(reviewer.page, 'office-case')
  const administrator = await Staff.signIn(browser, 'guanli')
  await administrator.page.goto('/office/definitions/processes/public_rental/1')
  await take(administrator.page, 'office-process')
  for (const one of [clerk, reviewer, administrator]) await one.leave()
})

test("pictures of the residents' site", async ({ browser }) => {
  const found = world()
  const shots: [keyof World['phones'], [string, string][]][] = [
    [
      'large',
      [
        ['citizen-home', '/'],
        ['citizen-city', '/city'],
        ['citizen-status', `/records/${found.cases.large}`],
      ],
    ],
    [
      'drafting',
      [
        ['citizen-apply', '/apply'],
        ['citizen-question', '/apply/form'],
      ],
    ],
    ['asked', [['citizen-supplement', `/records/${found.cases.asked}`]]],
    [
      'called',
      [
        ['citizen-waiting', '/waiting'],
        ['citizen-units', `/batches/${found.batch}`],
        ['citizen-choose', `/batches/${found.batch}/units/${found.unit}`],
      ],
    ],
    ['signing', [['citizen-contract', `/contracts/${found.contracts.signing}/sign`]]],
    [
      'settled',
      [
        ['citizen-certificate', '/certificate'],
        ['citizen-verify', `/verify/${found.code}`],
      ],
    ],
  ]
  for (const [who, pages] of shots) {
    const resident = await Resident.arrive(browser, { name: '', idNumber: '', phone: found.phones[who] }, PHONE)
    await resident.signIn()
    for (const [name, path] of pages) {
      await resident.page.goto(path)
      await take(resident.page, name)
    }
    await resident.leave()
  }
  const wide: [keyof World['phones'], string, string][] = [
    ['large', 'citizen-desktop-home', '/'],
    ['drafting', 'citizen-desktop-apply', '/apply/form'],
    ['called', 'citizen-desktop-waiting', '/waiting'],
  ]
  for (const [who, name, path] of wide) {
    const resident = await Resident.arrive(browser, { name: '', idNumber: '', phone: found.phones[who] }, DESK)
    await resident.signIn(path)
    await take(resident.page, name)
    await resident.leave()
  }
})

test('pictures of the sandbox', async ({ page }) => {
  await page.setViewportSize(DESK)
  await page.goto(`${SANDBOX}/phone`)
  await page.getByText(world().phones.asked).first().click()
  await take(page, 'sandbox-phone')
})
