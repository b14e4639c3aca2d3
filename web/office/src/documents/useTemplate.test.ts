import { ApiError } from '@anju/shared/api/errors'
import { describe, expect, it } from 'vitest'
import { problemsOf } from './useTemplate'

describe('the places that a refused template lists', () => {
  it('are those of the refusal', () => {
    const problems = [{ place: '第 2 段', message: '没有“面积”这个字段' }]
    const refused = new ApiError(422, {
      code: 'template.wrong',
      message: '模板里有内容需要修改',
      details: { problems },
    })
    expect(problemsOf(refused)).toEqual(problems)
  })

  it('are none where another thing failed', () => {
    expect(problemsOf(new ApiError(403, { code: 'auth.forbidden', message: '没有这项权限' }))).toEqual([])
    expect(problemsOf(new Error('offline'))).toEqual([])
  })
})
