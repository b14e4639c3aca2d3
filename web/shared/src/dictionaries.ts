/** The dictionaries of the server: every choice and every state has its words and its tone from there. */
import { shallowRef } from 'vue'
import type { Client } from './api/client'

export type Tone = 'run' | 'ok' | 'wait' | 'bad' | 'out' | 'fix' | 'idle'

export interface Term {
  code: string
  title: string
  tone?: Tone | ''
}

const tables = shallowRef<Record<string, Term[]>>({})
let loading: Promise<void> | null = null

/** Loads all dictionaries once; a failed load is tried again by the next caller. */
export function loadDictionaries(client: Client, path = '/dictionaries'): Promise<void> {
  loading ??= client
    .get<Record<string, Term[]>>(path)
    .then((found) => {
      tables.value = found
    })
    .catch((error: unknown) => {
      loading = null
      throw error
    })
  return loading
}

/** Loads the dictionaries anew when one of these is not among those that were loaded. */
export async function loadUnknown(client: Client, keys: string[]): Promise<void> {
  await loadDictionaries(client)
  if (keys.every((key) => key in tables.value)) return
  loading = null
  await loadDictionaries(client)
}

export function setDictionaries(found: Record<string, Term[]>): void {
  tables.value = found
}

export function terms(dictionary: string | null | undefined): Term[] {
  return dictionary ? (tables.value[dictionary] ?? []) : []
}

export function term(dictionary: string | null | undefined, code: unknown): Term | undefined {
  return terms(dictionary).find((one) => one.code === String(code))
}

/** The words of a code; an unknown code shows itself rather than nothing. */
export function wordOf(dictionary: string | null | undefined, code: unknown): string {
  if (code === null || code === undefined || code === '') return ''
  if (Array.isArray(code)) return code.map((one) => wordOf(dictionary, one)).join('、')
  return term(dictionary, code)?.title ?? String(code)
}

export function toneOf(dictionary: string | null | undefined, code: unknown): Tone {
  return term(dictionary, code)?.tone || 'idle'
}
