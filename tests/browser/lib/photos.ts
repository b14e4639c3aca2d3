/** Pictures such as a phone's camera makes, drawn by the browser: a paper with its title, marked as a specimen. */
import type { Page } from '@playwright/test'

export interface Upload {
  name: string
  mimeType: string
  buffer: Buffer
}

export async function photo(page: Page, title: string): Promise<Upload> {
  const url = await page.evaluate((text) => {
    const canvas = document.createElement('canvas')
    canvas.width = 1200
    canvas.height = 800
    const draw = canvas.getContext('2d')
    if (!draw) throw new Error('no canvas')
    draw.fillStyle = '#8d7f70'
    draw.fillRect(0, 0, 1200, 800)
    draw.fillStyle = '#f4f1e8'
    draw.fillRect(90, 70, 1020, 660)
    draw.fillStyle = '#33404f'
    draw.font = '64px sans-serif'
    draw.fillText(text, 150, 190)
    draw.font = '40px sans-serif'
    for (let line = 0; line < 5; line++) {
      draw.fillText(['姓名', '住址', '编号', '签发', '日期'][line] ?? '', 150, 300 + line * 80)
      draw.fillRect(300, 292 + line * 80, 420 - line * 40, 4)
    }
    draw.strokeStyle = '#b7b0a2'
    draw.lineWidth = 4
    draw.strokeRect(800, 270, 220, 300)
    draw.save()
    draw.translate(620, 560)
    draw.rotate(-0.35)
    draw.fillStyle = 'rgba(192, 57, 43, 0.55)'
    draw.font = 'bold 90px sans-serif'
    draw.fillText('样张', 0, 0)
    draw.restore()
    // A grain as of a camera, so that the file is no smaller than a photograph may be.
    const grain = draw.getImageData(0, 0, 1200, 800)
    for (let at = 0; at < grain.data.length; at += 4) {
      const shift = ((at * 2654435761) >>> 28) - 8
      for (let channel = 0; channel < 3; channel++) grain.data[at + channel] = (grain.data[at + channel] ?? 0) + shift
    }
    draw.putImageData(grain, 0, 0)
    return canvas.toDataURL('image/jpeg', 0.85)
  }, title)
  return { name: `${title}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(url.split(',')[1] ?? '', 'base64') }
}
