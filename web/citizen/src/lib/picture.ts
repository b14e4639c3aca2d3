/** Photographs before they travel: judged by content, turned upright, made small, the place of taking removed. */

export const LONGEST_SIDE = 2000
export const SMALLEST = 1024
export const LARGEST = 4 * 1024 * 1024
const WANTED = 400 * 1024

export interface Picture {
  file: File
  url: string
  /** Probably unsharp; the person is told and may keep it. */
  blurred: boolean
}

/** A photograph that cannot be used; the message says what to do instead. */
export class PictureRefused extends Error {}

/** JPG or PNG by the first bytes, whatever the name says. */
export async function kindOf(file: Blob): Promise<'image/jpeg' | 'image/png' | null> {
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer())
  const starts = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte)
  if (starts(0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  return null
}

/** What is wrong with the file as it stands, or nothing. */
export async function fault(file: Blob): Promise<string | null> {
  if (file.size < SMALLEST) return '这张照片太小，不到 1 KB。请重新拍一张'
  if (!(await kindOf(file))) return '只收 JPG 或 PNG 照片。请拍照，或从相册选'
  return null
}

function drawn(bitmap: ImageBitmap, longest: number): HTMLCanvasElement {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  return canvas
}

/** Variance of the Laplacian on a small grey copy: the usual measure of sharpness. */
function sharpness(bitmap: ImageBitmap): number {
  const canvas = drawn(bitmap, 400)
  const { width, height } = canvas
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data
  if (!pixels) return Infinity
  const grey = (x: number, y: number) => {
    const at = (y * width + x) * 4
    return 0.3 * (pixels[at] ?? 0) + 0.59 * (pixels[at + 1] ?? 0) + 0.11 * (pixels[at + 2] ?? 0)
  }
  let [sum, squares, count] = [0, 0, 0]
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const value = 4 * grey(x, y) - grey(x - 1, y) - grey(x + 1, y) - grey(x, y - 1) - grey(x, y + 1)
      sum += value
      squares += value * value
      count += 1
    }
  }
  return count ? squares / count - (sum / count) ** 2 : Infinity
}

const encoded = (canvas: HTMLCanvasElement, quality: number) =>
  new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))

/** The photograph ready to send; raises PictureRefused with a sentence for the person. */
export async function prepared(file: File): Promise<Picture> {
  const wrong = await fault(file)
  if (wrong) throw new PictureRefused(wrong)
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    throw new PictureRefused('这张照片打不开，可能坏了。请重新拍一张')
  }
  const blurred = sharpness(bitmap) < 12
  const canvas = drawn(bitmap, LONGEST_SIDE)
  bitmap.close()
  let blob: Blob | null = null
  for (const quality of [0.88, 0.78, 0.66]) {
    blob = await encoded(canvas, quality)
    if (blob && blob.size <= WANTED) break
  }
  if (!blob || blob.size > LARGEST) throw new PictureRefused('照片超过 4 MB，压不小。请离近一点再拍一张')
  // A drawing of few colours can shrink below what the office accepts; then the original goes.
  const small = blob.size < SMALLEST
  if (small && file.size > LARGEST) throw new PictureRefused('照片超过 4 MB。请换一张小一点的')
  const result = small ? file : new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' })
  return { file: result, url: URL.createObjectURL(result), blurred }
}
