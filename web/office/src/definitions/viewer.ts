/** bpmn-js behind one function, so that it is loaded only where a diagram is drawn. */
export interface Drawn {
  light(active: string[], done: string[]): void
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
