/** When a page has read what it shows. Playwright's own measure of an idle network waits half a second at every page. */
import type { Page, Request } from '@playwright/test'

const PAUSE = 120
const PATIENCE = 15_000

/** Follows the requests of a page; gives a function that waits until none has been under way for a moment. */
export function quiet(page: Page): () => Promise<void> {
  const open = new Set<Request>()
  let last = Date.now()
  const ended = (request: Request): void => {
    if (open.delete(request)) last = Date.now()
  }
  page.on('request', (request) => {
    open.add(request)
    last = Date.now()
  })
  page.on('requestfinished', ended)
  page.on('requestfailed', ended)
  return async () => {
    const until = Date.now() + PATIENCE
    while (open.size > 0 || Date.now() - last < PAUSE) {
      if (Date.now() > until) throw new Error(`still reading: ${[...open].map((one) => one.url()).join(' ')}`)
      await page.waitForTimeout(30)
    }
  }
}
