/** Who is signed in, which city was chosen, and how large the type is: what every page needs to know. */
import { computed, reactive } from 'vue'
import { http } from './api/http'
import type { City, Me, Province } from './api/types'
import { store } from './lib/store'

interface ChosenCity {
  code: string
  name: string
  province: string
  short: string
}

const state = reactive({
  me: null as Me | null,
  known: false,
  city: store.read<ChosenCity>('anju.city'),
  large: store.read<boolean>('anju.large') ?? false,
})

http.onSignedOut(() => (state.me = null))

function showType(): void {
  document.documentElement.classList.toggle('large', state.large)
}
showType()

function keepPreferences(): void {
  if (state.me)
    void http
      .put('/citizen/preferences', { city: state.city?.code ?? null, large_type: state.large })
      .catch(() => undefined)
}

/** The provinces with their cities; asked for once. */
let asked: Promise<Province[]> | null = null
export function provinces(): Promise<Province[]> {
  asked ??= http
    .get<{ provinces: Province[] }>('/public/cities')
    .then((answer) => answer.provinces)
    .catch((error: unknown) => {
      asked = null
      throw error
    })
  return asked
}

async function takeCityOf(me: Me): Promise<void> {
  if (!me.city || me.city === state.city?.code) return
  for (const province of await provinces()) {
    const found = province.cities.find((city) => city.code === me.city)
    if (found) chooseCity(province, found)
  }
}

let first: Promise<void> | null = null

/** Settles once it is known whether somebody is signed in. */
export function known(): Promise<void> {
  return (first ??= refresh())
}

/** Learns from the server who this is; a visitor is no error. */
export async function refresh(): Promise<void> {
  try {
    state.me = (await http.get<{ me: Me | null }>('/citizen/session')).me
    if (!state.me) return
    if (state.me.large_type && store.read('anju.large') === null) setLarge(true)
    if (!state.city) await takeCityOf(state.me)
  } catch {
    state.me = null
  } finally {
    state.known = true
  }
}

export function chooseCity(province: Province, city: City): void {
  state.city = { code: city.code, name: city.name, province: province.name, short: province.short }
  store.write('anju.city', state.city)
  keepPreferences()
}

export function setLarge(large: boolean): void {
  state.large = large
  store.write('anju.large', large)
  showType()
  keepPreferences()
}

export async function signOut(): Promise<void> {
  await http.post('/citizen/sign-out')
  state.me = null
}

/** The unread badge falls as messages are read, without asking the server again. */
export function setUnread(count: number): void {
  if (state.me) state.me.unread = Math.max(0, count)
}

export const session = {
  state,
  signedIn: computed(() => state.me !== null),
  verified: computed(() => state.me?.verified === 'verified'),
  unread: computed(() => state.me?.unread ?? 0),
  cityName: computed(() => state.city?.name ?? ''),
  cityCode: computed(() => state.city?.code ?? ''),
}
