import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { usePages, type OnePage, type Pages } from './usePages'

interface Asked {
  of: string
  after: string | number | null
  answer: (page: OnePage<string>) => void
}

beforeEach(() => window.history.replaceState(null, ''))

/** A list of what is looked for, whose questions the test answers when it likes. */
function list() {
  const asked: Asked[] = []
  const wanted = { of: 'a' }
  let pages!: Pages<string>
  mount(
    defineComponent(() => {
      pages = usePages<string>((after) => new Promise((answer) => asked.push({ of: wanted.of, after, answer })))
      return () => h('p')
    }),
  )
  const page = (name: string, next: string | null): OnePage<string> => ({ rows: [name], next })
  return { asked, wanted, pages, page }
}

it('asks for the second page of the list that is just beginning, not of the one before', async () => {
  const { asked, wanted, pages, page } = list()
  asked[0]?.answer(page('a1', 'after a1'))
  await flushPromises()
  wanted.of = 'b'
  void pages.load.reload()
  void pages.more()
  await flushPromises()
  expect(asked).toHaveLength(2)
  asked[1]?.answer(page('b1', 'after b1'))
  await flushPromises()
  expect([asked[2]?.of, asked[2]?.after]).toEqual(['b', 'after b1'])
  asked[2]?.answer(page('b2', null))
  await flushPromises()
  expect(pages.rows.value).toEqual(['b1', 'b2'])
})

it('adds no page of a list that has begun anew since it was asked for', async () => {
  const { asked, wanted, pages, page } = list()
  asked[0]?.answer(page('a1', 'after a1'))
  await flushPromises()
  void pages.more()
  await flushPromises()
  wanted.of = 'b'
  void pages.load.reload()
  asked[2]?.answer(page('b1', 'after b1'))
  await flushPromises()
  asked[1]?.answer(page('a2', null))
  await flushPromises()
  expect(pages.rows.value).toEqual(['b1'])
  expect(pages.cursor.value).toBe('after b1')
})
