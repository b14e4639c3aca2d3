/** What can be told about an account's fields before the server is asked; the server's word is the last. */
import type { FieldProblem } from '../../api/types'

export interface Rule {
  title: string
  met: boolean
}

/** The rule for passwords, part by part, to be shown beside the field while typing. */
export function passwordRules(password: string): Rule[] {
  return [
    { title: '至少 10 位', met: password.length >= 10 },
    { title: '有字母', met: /[a-z]/i.test(password) },
    { title: '有数字', met: /\d/.test(password) },
  ]
}

export function phoneProblem(phone: string): FieldProblem[] {
  const clean = phone.replace(/[\s-]/g, '').replace(/^(\+86|0086)/, '')
  if (/^1[3-9]\d{9}$/.test(clean)) return []
  const message = clean ? '手机号写成 11 位数字，例如 13800006017' : '写上手机号'
  return [{ field: 'phone', code: 'phone.invalid', message }]
}

export function codeProblem(code: string): FieldProblem[] {
  return code.length === 6 ? [] : [{ field: 'code', code: 'code.missing', message: '写上短信里的 6 位数字' }]
}

export function passwordProblem(password: string): FieldProblem[] {
  const unmet = passwordRules(password).filter((rule) => !rule.met)
  if (!unmet.length) return []
  return [
    { field: 'password', code: 'password.weak', message: `密码还差：${unmet.map((rule) => rule.title).join('、')}` },
  ]
}
