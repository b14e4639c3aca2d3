/** Finding a city by its name, its pinyin or the first letters of its syllables. */
import type { City, Province } from '../../api/types'

export interface Found {
  province: Province
  city: City
}

const SYLLABLE =
  /(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ui|ao|ou|iu|ie|ue|er|an|en|in|un|ia|ua|uo|a|o|e|i|u|v)(?:n|ng)?/g

/** lanzhou → lz; a separator given by the source is followed. */
export function initials(pinyin: string): string {
  const clean = pinyin.toLowerCase()
  const syllables = /[\s']/.test(clean) ? clean.split(/[\s']+/) : (clean.match(SYLLABLE) ?? [])
  return syllables.map((one) => one[0]).join('')
}

/** The open ones first; a beginning is better than a middle. */
export function findCities(provinces: Province[], typed: string, limit = 12): Found[] {
  const wanted = typed.trim().toLowerCase().replace(/\s+/g, '')
  if (!wanted) return []
  const ranked: { found: Found; rank: number }[] = []
  for (const province of provinces) {
    for (const city of province.cities) {
      const pinyin = city.pinyin.toLowerCase().replace(/[\s']/g, '')
      const hits = [
        city.name.startsWith(wanted) || pinyin.startsWith(wanted),
        initials(city.pinyin).startsWith(wanted) || city.name.includes(wanted),
        province.name.startsWith(wanted) || province.pinyin?.replace(/\s/g, '').startsWith(wanted),
      ]
      const at = hits.indexOf(true)
      if (at >= 0) ranked.push({ found: { province, city }, rank: at + (city.open ? 0 : 10) })
    }
  }
  return ranked
    .sort((a, b) => a.rank - b.rank || a.found.city.pinyin.localeCompare(b.found.city.pinyin))
    .slice(0, limit)
    .map((one) => one.found)
}
