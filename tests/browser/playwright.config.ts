/** Browser journeys against a running installation; `./dev test --only browser` sets the environment and starts one. */
import { defineConfig, type ReporterDescription } from '@playwright/test'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const output = resolve(process.env.ANJU_VAR ?? resolve(root, 'var'), 'browser')
const reporters: ReporterDescription[] = [['list']]
if (process.env.ANJU_JUNIT)
  reporters.push([
    'junit',
    { outputFile: process.env.ANJU_JUNIT, embedAnnotationsAsProperties: true, includeRetries: true },
  ])

const ACTS = ['construction', 'identity', 'registers', 'supply', 'visitor', 'workspace'].map(
  (name) => `${name}.spec.ts`,
)

export default defineConfig({
  testDir: '.',
  // One installation serves all of them. First the world is made beside the tests that need none; then come the tests that
  // look at it, with the one household that takes the clock on, which is nothing to them.
  projects: [
    { name: 'world', testMatch: 'world.setup.ts', timeout: 400_000 },
    { name: 'acts', testMatch: ACTS },
    { name: 'household', testMatch: 'household.spec.ts', dependencies: ['world'] },
    { name: 'desk', testMatch: 'desk.spec.ts', dependencies: ['world'] },
    {
      name: 'looks',
      testMatch: process.env.ANJU_PICTURES ? 'pictures.spec.ts' : 'accessibility.spec.ts',
      dependencies: ['world'],
      // What a page lacks is told by its place on it; recording every page would take longer than looking.
      use: { trace: 'off' },
    },
  ],
  outputDir: resolve(output, 'results'),
  reporter: reporters,
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // Once more on a machine that was busy elsewhere; `./dev test` names at its end what needed it.
  retries: process.env.CI ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: process.env.ANJU_URL ?? `http://127.0.0.1:${process.env.ANJU_PORT ?? '8600'}`,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    // Recording every test takes a quarter of the processor's work; one that failed is seen with `--trace=on`.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    serviceWorkers: 'block',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
