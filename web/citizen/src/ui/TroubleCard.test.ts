import { mount, RouterLinkStub } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { ApiError } from '../api/http'
import TroubleCard from './TroubleCard.vue'

const card = (status: number) =>
  mount(TroubleCard, {
    props: {
      error: new ApiError(status, { code: 'x', message: '没有这套房源' }),
      retry: () => undefined,
      elsewhere: { to: '/units', title: '去看别的房子' },
    },
    global: { stubs: { RouterLink: RouterLinkStub } },
  })

it('leads elsewhere from what is not there, and asks again for what did not come', () => {
  expect(card(404).findComponent(RouterLinkStub).props('to')).toBe('/units')
  expect(card(404).find('button').exists()).toBe(false)
  expect(card(503).find('button').text()).toBe('再试一次')
  expect(card(503).findComponent(RouterLinkStub).exists()).toBe(false)
})
