import { describe, expect, it } from 'vitest'
import type { Application, CitizenCase, ContractBrief, Me, Waiting } from '../../api/types'
import { standOf, todosOf, type Facts } from './stand'

const me: Me = {
  id: 1,
  phone: '138****6017',
  name: '周桂芳',
  verified: 'verified',
  refusal: null,
  city: '339900',
  large_type: false,
  unread: 0,
}
const application: Application = {
  draft: null,
  prefill: {},
  materials: [],
  schema: null,
  open_case: null,
  can_start: true,
  why_not: null,
}
const facts = (more: Partial<Facts> = {}): Facts => ({
  me,
  application,
  matter: null,
  waiting: null,
  batches: [],
  contracts: [],
  ...more,
})

const matter: CitizenCase = {
  id: 7,
  number: 'GZ3399012026000318',
  title: '公共租赁住房资格申请',
  headline: '区住房保障中心正在审核',
  state: 'open',
  tone: 'run',
  submitted_at: '2026-03-02T02:58:00Z',
  closed_at: null,
  deadline: { date: '2026-03-19', text: '3 月 19 日（周四）', remaining: 7 },
  todo: null,
  steps: [],
  supplement: null,
  refusal: null,
  documents: [],
  can_withdraw: true,
  notes: [],
}
const open = { ...application, open_case: { id: 7, number: matter.number, title: matter.title } }

describe('where a resident stands', () => {
  it('asks for the real-name verification first', () => {
    expect(standOf(facts({ me: { ...me, verified: 'none' } })).action.to).toBe('/identity')
    expect(standOf(facts({ me: { ...me, verified: 'refused', refusal: '照片看不清' } })).text).toBe('照片看不清')
  })
  it('offers the application to those who may start', () => {
    expect(standOf(facts()).action).toEqual({ label: '开始申请', to: '/apply' })
  })
  it('says the step, the date and that nothing is to be done', () => {
    const stand = standOf(facts({ matter, application: open }))
    expect(stand.title).toBe('区住房保障中心正在审核')
    expect(stand.text).toBe('3 月 19 日（周四）前告诉你结果，还有 7 个工作日。')
    expect(stand.calm).toBe(true)
  })
  it('puts missing materials among the things to do', () => {
    const supplement = {
      id: 1,
      note: '',
      asked_by: '王老师',
      due: { date: '2026-03-16', text: '3 月 16 日（周一）', remaining: 4 },
      items: [
        { id: 3, klass: 'household_register', title: '户口簿', note: '', uploaded: false, name: '', file_id: null },
      ],
    }
    const asked = facts({ matter: { ...matter, state: 'supplement', todo: '请补材料', supplement }, application: open })
    expect(todosOf(asked)).toEqual([{ title: '补 1 份材料', text: '3 月 16 日（周一）前', to: '/records/7' }])
    expect(standOf(asked)).toMatchObject({ calm: false, action: { label: '去补材料', to: '/records/7' } })
  })
  it('tells the place in the queue, then the contract', () => {
    const entry = {
      id: 1,
      certificate_no: 'ZR1',
      certified_on: '2026-04-01',
      valid_until: '2028-03-31',
      registered_at: '2026-04-02T00:00:00Z',
      state: 'waiting',
      state_title: '轮候中',
      divisions: [],
      project_ids: [],
      layouts: [],
      note: '',
      priority_group: '',
      left_reason: '',
    } as const
    const waiting: Waiting = {
      entry: { ...entry, divisions: [], project_ids: [], layouts: [] },
      place: 412,
      ahead: 411,
      total: 900,
      moves: [],
      documents: [],
    }
    expect(standOf(facts({ waiting })).title).toBe('你现在排在第 412 位')
    const contract: ContractBrief = {
      id: 9,
      number: 'HT1',
      state: 'signing',
      state_title: '签约中',
      address: '江湾家园 3 号楼 1402',
      rent: '1128.00',
      starts_on: '2026-05-01',
      ends_on: '2029-04-30',
      can_sign: true,
    }
    expect(standOf(facts({ waiting, contracts: [contract] })).title).toBe('等你签合同')
  })
})
