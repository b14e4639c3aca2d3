/**
 * Keeps the shell of the pages, so that the last known state opens without network. Nothing of the API is kept here:
 * personal data stay in the page's own store, and every submission needs the server. The build writes its own mark for
 * BUILD, so each build has a store of its own and clears those before it.
 */
const SHELL = 'anju-shell-BUILD'

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(['/', '/icon.svg', '/manifest.webmanifest'])))
  // no skipWaiting: a page of the build before may still need what is kept for it
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)))),
  )
  self.clients.claim()
})

async function asset(request) {
  const shell = await caches.open(SHELL)
  const kept = await shell.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) shell.put(request, answer.clone())
  return answer
}

async function page(request) {
  try {
    const answer = await fetch(request)
    if (answer.ok) (await caches.open(SHELL)).put('/', answer.clone())
    return answer
  } catch (lost) {
    const kept = await (await caches.open(SHELL)).match('/')
    if (kept) return kept
    throw lost
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (/^\/(api|office|docs|healthz|readyz)/.test(url.pathname)) return
  if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request))
  else if (request.mode === 'navigate') event.respondWith(page(request))
})
