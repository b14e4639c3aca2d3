/** Whether all are looked at, those marked, or those looked at last; the address keeps which. */
export const VIEWS = [
  { key: 'all', title: '全部' },
  { key: 'favourite', title: '收藏' },
  { key: 'seen', title: '最近看过' },
] as const
export type View = (typeof VIEWS)[number]['key']

export const viewAsked = (asked: string): View => VIEWS.find((one) => one.key === asked)?.key ?? 'all'
