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

/** What the first step of signing in answers where the account has a second factor. */
export interface SecondFactor {
  ticket: string
  ways: ('totp' | 'passkey' | 'recovery')[]
  options: PasskeyRequest | null
}

/** What a passkey is asked to sign, as the server writes it (bytes in base64url). */
export interface PasskeyRequest {
  challenge: string
  rpId?: string
  timeout?: number
  userVerification?: UserVerificationRequirement
  allowCredentials?: { id: string; type: 'public-key' }[]
}

export interface SignedIn extends Me {
  must_add_factor?: boolean
}

export type SignInAnswer = SignedIn | { second_factor: SecondFactor }

export interface SsoProvider {
  key: string
  title: string
}

/** A sign-in of one's own at an application. */
export interface AppLogin {
  id: number
  application: string
  began_at: string
  used_at: string | null
  scopes: string[]
}

export interface OpenSession {
  id: number
  created_at: string
  last_seen_at: string
  expires_at: string
  address: string
  browser: string
  factor: string
  own: boolean
}

export interface FactorState {
  required: boolean
  totp: { created_at: string } | null
  passkeys: { id: number; name: string; created_at: string; last_used_at: string | null }[]
  recovery_left: number
}

export interface SecurityPolicy {
  version: number
  profile: 'classes' | 'long'
  shortest: number
  classes: number
  max_age_days: number
  remembered: number
  idle_minutes: number
  longest_hours: number
  resident_idle_days: number
  resident_longest_days: number
  failures_allowed: number
  lock_minutes: number
  idle_months: number
  barred_from: string | null
  barred_until: string | null
  notify_new_place: boolean
  second_factor_roles: string[]
}

export interface FlowStep {
  title: string
  level: string
  days: number
}

export interface AccountFlow {
  key: string
  title: string
  version: number
  steps: FlowStep[]
  roles: string[]
  process: { key: string; version: number }
  versions: { version: number; steps: FlowStep[]; made_at: string; made_name: string; process_version: number }[]
}

export interface AccountClass {
  key: string
  title: string
  roles: { key: string; title: string }[]
  steps: string[]
}

export interface AccountApplication {
  number: string
  klass: string
  state: string
  state_title: string
  step: string
  remark: string
  organisation: { id: number; name: string }
  name: string
  username: string
  post: string
  roles: string[]
  reason: string
  submitted_at: string
  steps: { at: string; action: string; node_title: string; text: string }[]
  ticket: string | null
}
