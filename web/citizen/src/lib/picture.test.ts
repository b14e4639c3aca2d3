import { describe, expect, it } from 'vitest'
import { fault, kindOf } from './picture'

const bytes = (head: number[], length = 2048) => {
  const content = new Uint8Array(length)
  content.set(head)
  return new Blob([content])
}
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

describe('photographs are judged by what is in them', () => {
  it('knows JPG and PNG by their first bytes', async () => {
    expect(await kindOf(bytes([0xff, 0xd8, 0xff, 0xe0]))).toBe('image/jpeg')
    expect(await kindOf(bytes(PNG))).toBe('image/png')
  })
  it('refuses a script that calls itself a picture', async () => {
    const script = new File(['<script>alert(1)</script>'.repeat(100)], 'id.jpg', { type: 'image/jpeg' })
    expect(await fault(script)).toContain('只收 JPG 或 PNG')
  })
  it('refuses less than 1 KB and takes 1 KB', async () => {
    expect(await fault(bytes(PNG, 1023))).toContain('1 KB')
    expect(await fault(bytes(PNG, 1024))).toBeNull()
  })
})
