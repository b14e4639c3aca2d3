/** The routes of a face, as its running router lists them, and an address for each in the world of the tests. */
import type { Page } from '@playwright/test'
import type { World } from './world'

interface Mounted extends Element {
  __vue_app__?: {
    config: { globalProperties: { $router: { getRoutes: () => { path: string; meta: { auth?: boolean } }[] } } }
  }
}

/** Every path that the router knows, parameters as they are written there; `auth` tells whether one must be signed in. */
export async function routesOf(page: Page, start: string): Promise<{ path: string; auth: boolean }[]> {
  await page.goto(start)
  await page.waitForFunction(() => Boolean((document.querySelector('#app') as Mounted | null)?.__vue_app__))
  return page.evaluate(() => {
    const routes = (document.querySelector('#app') as Mounted).__vue_app__?.config.globalProperties.$router.getRoutes()
    return (routes ?? []).map((route) => ({ path: route.path, auth: Boolean(route.meta.auth) }))
  })
}

export type Examples = Record<string, (world: World) => string[]>

/** The addresses to open for a path; a path with parameters that nobody gave an example for is an error. */
export function addresses(path: string, examples: Examples, world: World): string[] {
  const given = examples[path]
  if (given) return given(world)
  if (path.includes(':')) throw new Error(`no example for the route ${path}`)
  return [path]
}
