/** Bands of floor area (面积段) by which homes and projects are looked for. */
const BOUNDS = [30, 45, 60, 80]

export interface AreaBounds {
  area_min?: string
  area_max?: string
}

/** What the choice offers: a band is written as its two bounds in square metres, an open side as nothing. */
export const AREAS = [undefined, ...BOUNDS].map((low, at) => {
  const high = BOUNDS[at]
  const title = low === undefined ? `${high} ㎡以内` : high === undefined ? `${low} ㎡以上` : `${low}—${high} ㎡`
  return { code: `${low ?? ''}-${high ?? ''}`, title }
})

/** The bounds of a chosen band as they are asked for; none of a band that there is not. */
export function areaAsked(band: string): AreaBounds {
  if (!AREAS.some((one) => one.code === band)) return {}
  const [low, high] = band.split('-')
  return { ...(low ? { area_min: low } : {}), ...(high ? { area_max: high } : {}) }
}
