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

export default defineConfig({
  testDir: '.',
  testIgnore: process.env.ANJU_PICTURES ? [] : 'pictures.spec.ts',
  outputDir: resolve(output, 'results'),
  reporter: reporters,
  // One installation with one clock serves all of them, so they take turns.
  workers: 1,
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
    trace: 'retain-on-failure',
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
