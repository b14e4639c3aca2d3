/** What can be done with the ticked units of each list of the publication page, and with which right. */
export interface ListAct {
  key: string
  title: string
  right: string
  primary?: boolean
  question: string
  /** Only for ticked units, never for a whole project at once. */
  ticked?: boolean
  /** Why it is done may be said, and stays on record. */
  reason?: boolean
}

export interface UnitListOf {
  key: string
  title: string
  statuses: string[]
  acts: ListAct[]
  empty: string
}

export const LISTS: UnitListOf[] = [
  {
    key: 'unconfirmed',
    title: '待确认',
    statuses: ['unconfirmed'],
    empty: '没有待确认的房源',
    acts: [
      {
        key: 'confirm',
        title: '确认房源',
        right: 'supply.unit.confirm',
        primary: true,
        question: '确认后房源进入待发布。',
      },
    ],
  },
  {
    key: 'ready',
    title: '待发布',
    statuses: ['ready'],
    empty: '没有待发布的房源；先在“待确认”里确认',
    acts: [
      {
        key: 'publish',
        title: '发布',
        right: 'supply.unit.publish',
        primary: true,
        question: '发布后房源可供应，并推送到“我要租房”。',
      },
      {
        key: 'undo',
        title: '取消确认',
        right: 'supply.unit.confirm',
        question: '取消后房源回到待确认，可更正后重新确认。',
        reason: true,
      },
    ],
  },
  {
    key: 'published',
    title: '已发布',
    statuses: ['vacant', 'held', 'let', 'leaving'],
    empty: '还没有发布的房源',
    acts: [
      {
        key: 'withdraw',
        title: '回退发布',
        right: 'supply.unit.publish',
        question: '回退后房源回到待发布，可租套数随即减少。',
        ticked: true,
        reason: true,
      },
      {
        key: 'recover',
        title: '回收房源',
        right: 'supply.unit.publish',
        question: '回收后撤销供应，房源须重新确认、发布。',
        ticked: true,
        reason: true,
      },
    ],
  },
]

export const total = (counts: Record<string, number>, statuses: string[]) =>
  statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0)
