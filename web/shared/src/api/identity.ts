export interface MenuItem {
  key: string
  title: string
  icon: string
  path: string
  items?: MenuItem[]
}

export interface MenuGroup {
  title: string
  items: MenuItem[]
}

export interface Me {
  kind: 'staff'
  id: number
  name: string
  account: string
  post: string
  must_change_password?: boolean
  today?: string
  organisation: { id: number; name: string; path: string }
  city: { code: string; name: string }
  rights: Record<string, string>
  menu: MenuGroup[]
}

export type MenuCounts = Record<string, { count: number; late: number }>

export interface Captcha {
  id: string
  image: string
  expires_in: number
}

export interface SearchGroup {
  key?: string
  title: string
  rows: { id?: number | string; title: string; subtitle: string; path: string }[]
  more?: boolean
}

export interface StaffMessage {
  id: number
  title: string
  text: string
  kind: string
  link: string
  read: boolean
  created_at: string
}
