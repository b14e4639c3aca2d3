/** bpmn-js behind one function, so that it is loaded only where a diagram is drawn. */
export interface Drawn {
  light(active: string[], done: string[]): void
  /** Brings these elements to the middle at a size at which their names can be read. */
  closeTo(nodes: string[], scale: number): void
  zoom(step: number | 'fit'): number
  destroy(): void
}

export async function loadProcess(container: HTMLElement, xml: string): Promise<Drawn> {
  const { default: Viewer } = await import('bpmn-js/lib/NavigatedViewer')
  const viewer = new Viewer({ container })
  await viewer.importXML(xml)
  const canvas = viewer.get('canvas')
  const registry = viewer.get('elementRegistry')
  let level = canvas.zoom('fit-viewport', 'auto')

  return {
    light(active, done) {
      for (const [nodes, marker] of [
        [done, 'aj-done'],
        [active, 'aj-active'],
      ] as const) {
        for (const id of nodes) if (registry.get(id)) canvas.addMarker(id, marker)
      }
    },
    closeTo(nodes, scale) {
      const found = nodes.map((id) => registry.get(id)).filter((one) => one !== undefined)
      const [first] = found
      if (!first) return
      const { outer } = canvas.viewbox()
      const [width, height] = [outer.width / scale, outer.height / scale]
      canvas.viewbox({
        x: first.x + first.width / 2 - width * 0.42,
        y: first.y + first.height / 2 - height / 2,
        width,
        height,
      })
    },
    zoom(step) {
      level =
        step === 'fit'
          ? canvas.zoom('fit-viewport', 'auto')
          : canvas.zoom(Math.min(4, Math.max(0.2, level * step)), 'auto')
      return level
    },
    destroy: () => viewer.destroy(),
  }
}
