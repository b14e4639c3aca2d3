/** The application that is being filled in: what the server has, what this device still holds, and its submission. */
import { shallowRef } from 'vue'
import { loadDictionaries } from '@anju/shared/dictionaries'
import type { FormValues } from '@anju/shared/forms/schema'
import { wholeForm, type Variables } from '@anju/shared/forms/visibility'
import { asApiError, http, unanswered } from '../api/http'
import type {
  Application,
  DraftCheck,
  FilledPage,
  Material,
  MaterialClass,
  PageKey,
  ServerPage,
  Values,
} from '../api/types'
import type { Schema, Section } from '../forms/schema'
import { newKey } from '../lib/key'
import { store } from '../lib/store'
import { session } from '../session'
import { createPageDraft, type Held, type PageDraft, type Saved } from './pageDraft'

const application = shallowRef<Application | null>(null)
const open = new Map<FilledPage, PageDraft>()

const heldKey = () => `anju.draft.${session.state.me?.id ?? 0}`
const submitKey = () => `anju.submit.${session.state.me?.id ?? 0}.${application.value?.draft?.id ?? 0}`

type HeldPages = Partial<Record<FilledPage, Held>>
const heldPages = (): HeldPages => store.read<HeldPages>(heldKey()) ?? {}

function keep(page: FilledPage, held: Held): void {
  store.write(heldKey(), { ...heldPages(), [page]: held })
}
function forget(page: FilledPage): void {
  const rest = heldPages()
  delete rest[page]
  if (Object.keys(rest).length) store.write(heldKey(), rest)
  else store.forget(heldKey())
}

/** Asks the server for the draft, the schema and whether one may apply. */
export async function loadApplication(): Promise<Application> {
  const [found] = await Promise.all([http.get<Application>('/citizen/application'), loadDictionaries(http)])
  application.value = found
  open.clear()
  return found
}

export const schemaOf = (found: Application) => found.schema as Schema
export const sectionOf = (found: Application, page: string): Section | undefined =>
  schemaOf(found).sections.find((section) => section.key === page)

function serverPage(found: Application, page: FilledPage): ServerPage {
  return found.draft?.pages[page] ?? { data: found.prefill[page] ?? {}, version: 0, saved_at: null }
}

async function put(page: FilledPage, version: number, data: Values): Promise<Saved> {
  const saved = await http.put<Saved>(`/citizen/application/pages/${page}`, { version, data })
  const found = application.value
  if (found?.draft) {
    const pages = { ...found.draft.pages, [page]: { data, version: saved.version, saved_at: saved.saved_at } }
    application.value = {
      ...found,
      draft: {
        ...found.draft,
        pages,
        saved_at: saved.saved_at,
        done: told(found.draft.done, page, !saved.errors.length),
      },
    }
  } else if (found) await begun()
  return saved
}

/** The steps that are done, as the server will tell them when it is asked next. */
const told = (done: readonly PageKey[], step: PageKey, is: boolean): PageKey[] =>
  is ? [...new Set([...done, step])] : done.filter((one) => one !== step)

/** The first thing kept made the draft on the server; the pages filled in here stay as they are. */
async function begun(): Promise<void> {
  // The draft is safe there already: without an answer now, it is read with the next page.
  application.value = await http.get<Application>('/citizen/application').catch(() => application.value)
}

/** The page for filling in; the same object while the wizard is open, so that going back and forth loses nothing. */
export function pageDraft(page: FilledPage): PageDraft {
  const known = open.get(page)
  if (known) return known
  const found = application.value
  if (!found) throw new Error('the application is not loaded')
  const made = createPageDraft(page, serverPage(found, page), heldPages()[page] ?? null, {
    put,
    keep,
    forget,
    now: () => new Date().toISOString(),
  })
  open.set(page, made)
  return made
}

/** Everything that has been answered, for conditions and for the last look. */
export function answers(): Record<string, Values> {
  const found = application.value
  if (!found) return {}
  return Object.fromEntries(
    schemaOf(found).sections.map((section) => {
      const page = section.key as FilledPage
      return [section.key, open.get(page)?.state.data ?? serverPage(found, page).data]
    }),
  )
}

/** The same as the variables of conditions. */
export function whole(): Variables {
  const found = application.value
  return found ? wholeForm({ ...schemaOf(found), pages: true }, answers() as FormValues) : {}
}

export const check = () => http.get<DraftCheck>('/citizen/application/check')

export function materials(): { classes: MaterialClass[]; items: Material[] } {
  const found = application.value
  return found?.draft?.pages.materials ?? { classes: found?.materials ?? [], items: [] }
}

export function setMaterials(items: Material[]): void {
  const found = application.value
  if (!found) return
  if (!found.draft) return void begun()
  const { classes } = found.draft.pages.materials
  const pages = { ...found.draft.pages, materials: { classes, items } }
  const all = classes.every((klass) => !klass.required || items.some((item) => item.klass === klass.key))
  application.value = { ...found, draft: { ...found.draft, pages, done: told(found.draft.done, 'materials', all) } }
}

export interface Submitted {
  case_id: number
  number: string
}

/**
 * Files the application once. The key is kept with the draft, so a second tap, a reload or a lost answer is the same
 * submission; where the answer was lost the server is asked what became of it.
 */
export async function submit(): Promise<Submitted> {
  const key = store.read<string>(submitKey()) ?? newKey()
  store.write(submitKey(), key)
  try {
    const made = await http.post<Submitted>('/citizen/application/submit', { key })
    clearDevice()
    return made
  } catch (thrown) {
    const error = asApiError(thrown)
    if (!unanswered(error)) throw error
    const now = await http.get<Application>('/citizen/application').catch(() => null)
    if (!now?.open_case) throw error
    clearDevice()
    return { case_id: now.open_case.id, number: now.open_case.number }
  }
}

function clearDevice(): void {
  store.forget(heldKey())
  store.forget(submitKey())
  open.clear()
}

/** Throws the draft away, on the server and here. */
export async function discard(): Promise<void> {
  await http.remove('/citizen/application')
  clearDevice()
  await loadApplication()
}

export const wizard = { application }
