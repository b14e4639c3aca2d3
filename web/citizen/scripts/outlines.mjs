/**
 * Turns a map of the provinces into the SVG paths that the choice of city draws on wide screens.
 *
 *   node scripts/outlines.mjs china.json > src/pages/city/outlines.json
 *
 * The input is the file map/json/china.json of the package echarts 4.9.0 (Apache-2.0), or any GeoJSON whose features
 * carry `id` (division code) and `properties.name`. A city that must show an officially approved map exchanges the file.
 */
import { readFileSync } from 'node:fs'

const WIDTH = 900
const source = JSON.parse(readFileSync(process.argv[2], 'utf8'))

function decoded(text, [startX, startY]) {
  const points = []
  let [x, y] = [startX, startY]
  for (let i = 0; i < text.length; i += 2) {
    const dx = text.charCodeAt(i) - 64
    const dy = text.charCodeAt(i + 1) - 64
    x += (dx >> 1) ^ -(dx & 1)
    y += (dy >> 1) ^ -(dy & 1)
    points.push([x / 1024, y / 1024])
  }
  return points
}

function rings(feature) {
  const { type, coordinates, encodeOffsets } = feature.geometry
  const polygons = type === 'Polygon' ? [coordinates] : coordinates
  const offsets = type === 'Polygon' ? [encodeOffsets] : encodeOffsets
  return polygons.flatMap((polygon, p) =>
    polygon.map((ring, r) => (source.UTF8Encoding ? decoded(ring, offsets[p][r]) : ring)),
  )
}

// Albers would be handsomer; a plain cone with two standard parallels keeps the familiar shape of the country.
const radians = (degrees) => (degrees * Math.PI) / 180
const [p1, p2, origin, middle] = [radians(25), radians(47), radians(36), radians(105)]
const n = (Math.sin(p1) + Math.sin(p2)) / 2
const c = Math.cos(p1) ** 2 + 2 * n * Math.sin(p1)
const rho = (latitude) => Math.sqrt(c - 2 * n * Math.sin(latitude)) / n
function projected([longitude, latitude]) {
  const angle = n * (radians(longitude) - middle)
  const radius = rho(radians(latitude))
  return [radius * Math.sin(angle), -(rho(origin) - radius * Math.cos(angle))]
}

const shapes = source.features.map((feature) => ({
  code: String(feature.id).slice(0, 6),
  name: feature.properties.name,
  rings: rings(feature).map((ring) => ring.map(projected)),
  at: projected(feature.properties.cp ?? feature.properties.center),
}))
// The Diaoyu islands, which the source leaves out, belong to the outline of the country.
const taiwan = shapes.find((shape) => shape.name.startsWith('台湾'))
taiwan.rings.push(
  [
    [123.45, 25.73],
    [123.5, 25.73],
    [123.5, 25.76],
    [123.45, 25.76],
  ].map(projected),
)

const all = shapes.flatMap((shape) => shape.rings.flat())
const left = Math.min(...all.map((p) => p[0]))
const right = Math.max(...all.map((p) => p[0]))
const top = Math.min(...all.map((p) => p[1]))
const bottom = Math.max(...all.map((p) => p[1]))
const scale = WIDTH / (right - left)
const place = ([x, y]) => [(x - left) * scale, (y - top) * scale]
const short = (value) => String(Math.round(value * 10) / 10)

function path(ringsOfShape) {
  return ringsOfShape
    .map((ring) => {
      const points = ring.map(place)
      const kept = points.filter((p, i) => i === 0 || Math.hypot(p[0] - points[i - 1][0], p[1] - points[i - 1][1]) > 1)
      if (kept.length < 3) return ''
      return 'M' + kept.map((p) => `${short(p[0])} ${short(p[1])}`).join('L') + 'Z'
    })
    .join('')
}

// The South China Sea in its customary inset: coast, islands' boundary strokes and frame, in units of a 64 x 93 drawing.
const inset = [
  [
    [0, 3.5],
    [7, 11.2],
    [15, 11.9],
    [30, 7],
    [42, 0.7],
    [52, 0.7],
    [56, 7.7],
    [59, 0.7],
    [64, 0.7],
    [64, 0],
    [5, 0],
  ],
  [
    [13, 16.1],
    [19, 14.7],
    [16, 21.7],
    [11, 23.1],
  ],
  [
    [12, 32.2],
    [14, 38.5],
    [15, 38.5],
    [13, 32.2],
  ],
  [
    [16, 47.6],
    [12, 53.2],
    [13, 53.2],
    [18, 47.6],
  ],
  [
    [6, 64.4],
    [8, 70],
    [9, 70],
    [8, 64.4],
  ],
  [
    [23, 82.6],
    [29, 79.8],
    [30, 79.8],
    [25, 82.6],
  ],
  [
    [37, 70.7],
    [43, 62.3],
    [44, 62.3],
    [39, 70.7],
  ],
  [
    [48, 51.1],
    [51, 45.5],
    [53, 45.5],
    [50, 51.1],
  ],
  [
    [51, 35],
    [51, 28.7],
    [53, 28.7],
    [53, 35],
  ],
  [
    [52, 22.4],
    [55, 17.5],
    [56, 17.5],
    [53, 22.4],
  ],
  [
    [58, 12.6],
    [62, 7],
    [63, 7],
    [60, 12.6],
  ],
]
const height = Math.ceil((bottom - top) * scale)
const insetAt = ([x, y]) => `${short(WIDTH - 72 + x * 1.05)} ${short(height - 99 + y * 1.05)}`
const sea = inset.map((ring) => 'M' + ring.map(insetAt).join('L') + 'Z').join('')

process.stdout.write(
  JSON.stringify({
    width: WIDTH,
    height,
    provinces: shapes.map((shape) => ({
      code: shape.code,
      name: shape.name,
      at: place(shape.at).map(Math.round),
      path: path(shape.rings),
    })),
    sea,
    frame: [WIDTH - 72, height - 99, 67, 98],
  }) + '\n',
)
