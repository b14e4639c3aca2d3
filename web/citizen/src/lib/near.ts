/** Where somebody looks from (离我最近): told by the device or pointed at on the map; how far things are from there. */
import { reactive } from 'vue'

export type Place = [longitude: number, latitude: number]

/** About a hundred metres: near enough to sort by, and where exactly somebody stands leaves the device for nobody. */
const DIGITS = 3
const EARTH = 6_371_000
const WAIT = { timeout: 10_000, maximumAge: 300_000 }

/** Only as long as the page is open. */
export const near = reactive({ at: null as Place | null, waiting: false, trouble: '' })

const rounded = (value: number) => Number(value.toFixed(DIGITS))
export function lookFrom(at: Place | null): void {
  near.at = at && [rounded(at[0]), rounded(at[1])]
  near.trouble = ''
}

/** Asks the device where it is. */
export function locate(): void {
  if (!('geolocation' in navigator)) {
    near.trouble = '这台设备不能定位。可以在地图上点一个位置。'
    return
  }
  near.waiting = true
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      near.waiting = false
      lookFrom([coords.longitude, coords.latitude])
    },
    () => {
      near.waiting = false
      near.trouble = '没有取到你的位置。请在浏览器里允许定位，或在地图上点一个位置。'
    },
    WAIT,
  )
}

const radians = (degrees: number) => (degrees * Math.PI) / 180

/** Metres between two places, along the surface (haversine). */
export function metres(from: Place, to: Place): number {
  const [across, up] = [radians(to[0] - from[0]), radians(to[1] - from[1])]
  const half = Math.sin(up / 2) ** 2 + Math.cos(radians(from[1])) * Math.cos(radians(to[1])) * Math.sin(across / 2) ** 2
  return 2 * EARTH * Math.asin(Math.sqrt(half))
}

/** 800 米, 3.2 公里. */
export const distanceWord = (distance: number) =>
  distance < 1000 ? `${Math.round(distance / 100) * 100 || 100} 米` : `${(distance / 1000).toFixed(1)} 公里`

interface Somewhere {
  longitude?: string | null
  latitude?: string | null
}
/** How far something with a place is; nothing where either place is not known. */
export const farWord = ({ longitude, latitude }: Somewhere) =>
  near.at && longitude && latitude ? distanceWord(metres(near.at, [Number(longitude), Number(latitude)])) : ''
