import type { CaseView } from '@anju/shared/api/cases'
import { expect, it } from 'vitest'
import { calledOf } from './sections'

const view = (filed: boolean) =>
  ({
    type: { filed },
    title: '江湾里42号地块',
    household: { name: filed ? '澜州江湾城建开发有限公司' : '周敏' },
  }) as CaseView

it('calls an organisation’s case by its matter, so that the tabs of several can be told apart', () => {
  expect(calledOf(view(true))).toBe('江湾里42号地块')
  expect(calledOf(view(false))).toBe('周敏户')
})
