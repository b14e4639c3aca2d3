/** The few lines of news that the home page shows. */
import { http } from '../../api/http'
import type { Notice, Page, PublicityHousehold } from '../../api/types'
import { day } from '../../lib/format'

export interface NewsRow {
  key: string
  title: string
  note: string
  to: string
}

export async function latestNotices(city: string): Promise<NewsRow[]> {
  if (!city) return []
  const found = await http.get<Page<Notice>>('/public/notices', { city })
  // Guides have their own page.
  const news = found.rows.filter((notice) => notice.kind !== 'guide')
  return news.slice(0, 4).map((notice) => ({
    key: `notice-${notice.id}`,
    title: notice.title,
    note: `${day(notice.published_at)} · ${notice.kind_title}`,
    to: `/notices/${notice.id}`,
  }))
}

export async function latestPublicity(city: string): Promise<NewsRow[]> {
  if (!city) return []
  const found = await http.get<Page<PublicityHousehold>>('/public/publicity', { city, limit: 4 })
  return found.rows.slice(0, 4).map((row) => ({
    key: `publicity-${row.number}`,
    title: `${row.kind}：${row.name}家 ${row.household_size} 人`,
    note: `到 ${day(row.ends_on)}`,
    to: '/publicity',
  }))
}
