/** What may be chosen: from the schema itself, from the server's dictionaries, or from the divisions of the city. */
import { inject, provide, type InjectionKey } from 'vue'
import { terms } from '@anju/shared/dictionaries'
import type { Field, Option } from './schema'
import type { OptionsOf } from './logic'

const KEY: InjectionKey<OptionsOf> = Symbol('options')

/** Options of a field; divisions are those of the city where the application is made. */
export function makeOptions(city: () => string): OptionsOf {
  return (field: Field): Option[] => {
    if (field.options?.length) return field.options
    if (field.type === 'division') return divisionsOf(city(), field.dictionary ?? undefined)
    return field.dictionary ? terms(field.dictionary) : []
  }
}

/** Districts of a city: the first four digits of the code are the city's. */
export function divisionsOf(city: string, dictionary = 'division'): Option[] {
  return terms(dictionary).filter((one) => one.code.startsWith(city.slice(0, 4)) && !one.code.endsWith('00'))
}

export const provideOptions = (options: OptionsOf) => provide(KEY, options)
export const useOptions = (): OptionsOf => inject(KEY, () => [])
