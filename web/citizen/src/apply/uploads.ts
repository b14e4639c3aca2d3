/** The queue of photographs on their way: one after another, going on while other pages are filled in. */
import { reactive } from 'vue'
import { asApiError, upload } from '../api/http'
import type { Material } from '../api/types'
import { PictureRefused, prepared } from '../lib/picture'
import { materials, setMaterials } from './wizard'

export interface Upload {
  id: number
  klass: string
  name: string
  percent: number
  state: 'preparing' | 'waiting' | 'sending' | 'failed' | 'refused'
  /** What is wrong and how to do better. */
  words: string
  blurred: boolean
  url: string
  file: File
}

const queue = reactive<Upload[]>([])
let nextId = 1
let sending = false

export const uploads = queue

export function drop(item: Upload): void {
  const at = queue.findIndex((one) => one.id === item.id)
  if (at >= 0) queue.splice(at, 1)
  if (item.url) URL.revokeObjectURL(item.url)
}

async function send(item: Upload): Promise<void> {
  item.state = 'sending'
  item.words = ''
  const form = new FormData()
  form.append('klass', item.klass)
  form.append('file', item.file)
  try {
    const made = await upload<Material>('/citizen/application/materials', form, (percent) => (item.percent = percent))
    setMaterials([...materials().items, made])
    drop(item)
  } catch (thrown) {
    const error = asApiError(thrown)
    item.state = error.status >= 400 && error.status < 500 ? 'refused' : 'failed'
    item.words = error.status === 0 ? '网络断了，连上网会接着传' : error.message
  }
}

async function work(): Promise<void> {
  if (sending) return
  sending = true
  for (;;) {
    const next = queue.find((one) => one.state === 'waiting')
    if (!next) break
    await send(next)
  }
  sending = false
}

/** Puts a chosen photograph into the queue, after making it small. */
export async function enqueue(klass: string, file: File): Promise<void> {
  queue.push({
    id: nextId++,
    klass,
    name: file.name,
    percent: 0,
    state: 'preparing',
    words: '',
    blurred: false,
    url: '',
    file,
  })
  const item = queue[queue.length - 1]
  if (!item) return
  try {
    const picture = await prepared(file)
    Object.assign(item, { file: picture.file, url: picture.url, blurred: picture.blurred, state: 'waiting' })
  } catch (thrown) {
    item.state = 'refused'
    item.words = thrown instanceof PictureRefused ? thrown.message : '这张照片用不了。请换一张'
    return
  }
  void work()
}

export function again(item: Upload): void {
  item.state = 'waiting'
  void work()
}

if (typeof addEventListener === 'function') {
  addEventListener('online', () => queue.filter((one) => one.state === 'failed').forEach(again))
}
