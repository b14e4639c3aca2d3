/** The map under the projects: districts from the city's outlines, tiles where the city has them, marks as buttons. */
import {
  Map,
  Marker,
  NavigationControl,
  setWorkerUrl,
  type GeoJSONSourceSpecification,
  type StyleSpecification,
} from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { onBeforeUnmount, ref, shallowRef } from 'vue'

export type GroundMap = Map

export interface Mark {
  key: string
  at: [number, number]
  title: string
  count: string
  kind: 'cluster' | 'project'
  /** What a reader hears, where title and count alone would not say which it is. */
  label?: string
  on?: boolean
  press: () => void
  look?: (target: HTMLElement | null) => void
}

const EDGE = 24
const WORDS = {
  'Map.Title': '地图',
  'Marker.Title': '标记',
  'NavigationControl.ZoomIn': '放大',
  'NavigationControl.ZoomOut': '缩小',
}
const STEPS = { sectors: 11, projects: 12.2 }
export type Level = 'districts' | 'sectors' | 'projects'
export const levelAt = (zoom: number): Level =>
  zoom < STEPS.sectors ? 'districts' : zoom < STEPS.projects ? 'sectors' : 'projects'

/** The districts as the city's file has them, and the box around them: west, south, east, north. */
export interface Ground {
  outlines: GeoJSONSourceSpecification['data']
  bounds: [number, number, number, number]
}

function style(ground: Ground, tiles: string): StyleSpecification {
  const outline: GeoJSONSourceSpecification = { type: 'geojson', data: ground.outlines }
  const base: StyleSpecification = {
    version: 8,
    sources: { districts: outline },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': '#eef2f6' } },
      {
        id: 'area',
        type: 'fill',
        source: 'districts',
        paint: { 'fill-color': '#ffffff', 'fill-opacity': tiles ? 0 : 1 },
      },
      { id: 'border', type: 'line', source: 'districts', paint: { 'line-color': '#9fb0c3', 'line-width': 1.5 } },
    ],
  }
  if (tiles) {
    const address = new URL(tiles, window.location.origin).href.replaceAll('%7B', '{').replaceAll('%7D', '}')
    base.sources.tiles = { type: 'raster', tiles: [address], tileSize: 256 }
    base.layers.splice(1, 0, { id: 'tiles', type: 'raster', source: 'tiles' })
  }
  return base
}

export function useMap() {
  const map = shallowRef<Map | null>(null)
  const level = ref<Level>('districts')
  const impossible = ref(false)
  let drawn: Marker[] = []
  let whole: Ground['bounds'] | null = null
  const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches

  function open(container: HTMLElement, ground: Ground, tiles: string): void {
    try {
      setWorkerUrl(workerUrl)
      whole = ground.bounds
      const made = new Map({
        container,
        style: style(ground, tiles),
        bounds: ground.bounds,
        fitBoundsOptions: { padding: EDGE },
        attributionControl: false,
        dragRotate: false,
        locale: WORDS,
        maxZoom: 17,
      })
      made.addControl(new NavigationControl({ showCompass: false }), 'top-right')
      made.on('zoomend', () => (level.value = levelAt(made.getZoom())))
      level.value = levelAt(made.getZoom())
      map.value = made
    } catch {
      // a device without WebGL: the list beside says the same
      impossible.value = true
    }
  }

  /** Puts the marks; the one that has the focus has it afterwards too. */
  function draw(marks: Mark[]): void {
    const held = drawn.find((one) => one.getElement() === document.activeElement)?.getElement().dataset.key
    for (const old of drawn) old.remove()
    drawn = []
    if (!map.value) return
    for (const one of marks) {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = `map-mark ${one.kind}${one.on ? ' on' : ''}`
      button.setAttribute('aria-label', one.label ?? `${one.title}，${one.count}`)
      if (one.on !== undefined) button.setAttribute('aria-pressed', String(one.on))
      const [title, count] = [document.createElement('strong'), document.createElement('span')]
      title.textContent = one.title
      count.textContent = one.count
      button.append(title, count)
      button.addEventListener('click', one.press)
      if (one.look) {
        for (const name of ['mouseenter', 'focus']) button.addEventListener(name, () => one.look?.(button))
        for (const name of ['mouseleave', 'blur']) button.addEventListener(name, () => one.look?.(null))
      }
      button.dataset.key = one.key
      drawn.push(new Marker({ element: button }).setLngLat(one.at).addTo(map.value))
      if (one.key === held) button.focus({ preventScroll: true })
    }
  }

  function go(at: [number, number], zoom: number): void {
    map.value?.easeTo({ center: at, zoom, duration: calm() ? 0 : 500 })
  }

  /** The whole city again. */
  function back(): void {
    if (whole) map.value?.fitBounds(whole, { padding: EDGE, duration: calm() ? 0 : 500 })
  }

  onBeforeUnmount(() => map.value?.remove())
  return { map, level, impossible, open, draw, go, back }
}
