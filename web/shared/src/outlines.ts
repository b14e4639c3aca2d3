/** The outlines of districts as a map has them (RFC 7946): where the middle of each is. */
/** The middle of each district, by code: of its largest ring, weighted by area. */
export function centresOf(outlines: unknown): Record<string, [number, number]> {
  const found: Record<string, [number, number]> = {}
  for (const { properties, geometry } of (outlines as Outlines).features) {
    const rings = geometry.type === 'Polygon' ? [geometry.coordinates[0]] : geometry.coordinates.map((one) => one[0])
    const [largest] = (rings as Place[][]).map(middleOf).sort((a, b) => b.area - a.area)
    if (largest) found[properties.code] = largest.at
  }
  return found
}

type Place = [number, number]
interface Outlines {
  features: {
    properties: { code: string }
    geometry: { type: 'Polygon'; coordinates: Place[][] } | { type: 'MultiPolygon'; coordinates: Place[][][] }
  }[]
}

function middleOf(ring: Place[]): { at: Place; area: number } {
  let [x, y, area] = [0, 0, 0]
  for (const [n, [x1, y1]] of ring.entries()) {
    const [x2, y2] = ring[(n + 1) % ring.length] ?? [x1, y1]
    const cross = x1 * y2 - x2 * y1
    x += (x1 + x2) * cross
    y += (y1 + y2) * cross
    area += cross / 2
  }
  return area ? { at: [x / (6 * area), y / (6 * area)], area: Math.abs(area) } : { at: ring[0] ?? [0, 0], area: 0 }
}
