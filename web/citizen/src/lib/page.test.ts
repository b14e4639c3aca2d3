import { afterEach, describe, expect, it } from 'vitest'
import { focusHeading, setFailing, setTitle } from './page'
import { nextTick } from 'vue'

afterEach(() => (document.body.innerHTML = ''))
const settled = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('the title of the tab', () => {
  it('says 错误 first while something has to be mended', async () => {
    setTitle('登录')
    setFailing(true)
    await nextTick()
    expect(document.title).toBe('错误：登录 - 安居')
    setTitle('首页')
    await nextTick()
    expect(document.title).toBe('首页 - 安居')
  })
})

describe('the heading after a step', () => {
  it('takes the focus, also when the page comes later', async () => {
    document.body.innerHTML = '<main></main>'
    focusHeading()
    document.querySelector('main')?.insertAdjacentHTML('beforeend', '<h1>上传材料</h1>')
    await settled()
    expect(document.activeElement?.textContent).toBe('上传材料')
  })
  it('leaves a person alone who is typing already', async () => {
    document.body.innerHTML = '<main><input /></main>'
    focusHeading()
    document.querySelector('input')?.focus()
    document.querySelector('main')?.insertAdjacentHTML('beforeend', '<h1>找房</h1>')
    await settled()
    expect(document.activeElement?.tagName).toBe('INPUT')
  })
})
