/** A real film of two seconds, drawn and encoded by the browser: a few kilobytes of MP4. */
import type { Page } from '@playwright/test'
import type { Upload } from './photos'

export async function film(page: Page): Promise<Upload> {
  const encoded = await page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 160
    canvas.height = 90
    const draw = canvas.getContext('2d')
    if (!draw) throw new Error('no canvas')
    const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: 'video/mp4;codecs=vp9' })
    const parts: Blob[] = []
    recorder.ondataavailable = (event) => parts.push(event.data)
    const ended = new Promise((done) => (recorder.onstop = done))
    recorder.start()
    for (let frame = 0; frame < 20; frame++) {
      draw.fillStyle = `hsl(${frame * 18}, 60%, 50%)`
      draw.fillRect(0, 0, 160, 90)
      await new Promise((next) => setTimeout(next, 100))
    }
    recorder.stop()
    await ended
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())]
  })
  return { name: '项目视频.mp4', mimeType: 'video/mp4', buffer: Buffer.from(encoded) }
}
