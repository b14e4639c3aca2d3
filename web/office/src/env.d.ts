/// <reference types="vite/client" />
declare module 'element-plus/es/locale/lang/zh-cn' {
  import type { Language } from 'element-plus/es/locale'
  const language: Language
  export default language
}
declare module 'bpmn-js/lib/NavigatedViewer' {
  interface Canvas {
    zoom(level: 'fit-viewport' | number, center?: 'auto'): number
    addMarker(element: string, marker: string): void
    viewbox(): { outer: { width: number; height: number } }
    viewbox(box: { x: number; y: number; width: number; height: number }): void
  }
  interface Registry {
    get(id: string): { id: string; x: number; y: number; width: number; height: number } | undefined
  }
  export default class NavigatedViewer {
    constructor(options: { container: HTMLElement })
    importXML(xml: string): Promise<{ warnings: string[] }>
    get(name: 'canvas'): Canvas
    get(name: 'elementRegistry'): Registry
    destroy(): void
  }
}
