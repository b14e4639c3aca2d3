/** Commands of the installation under test: its clock, the answer of a captcha, the text messages of its sandbox. */
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../../..')
const PORT = Number(process.env.ANJU_PORT ?? '8600')
export const SANDBOX = process.env.ANJU_SANDBOX_URL ?? `http://127.0.0.1:${PORT + 1}`

/** Runs Python with the installation's environment. */
export function python(...args: string[]): string {
  return execFileSync('python', args, { cwd: ROOT, encoding: 'utf8', timeout: 300_000 }).trim()
}

/** A command of the installation, such as moving its clock. */
export function manage(...args: string[]): string {
  return python('-m', 'anju', ...args)
}

export function passDays(days: number): void {
  manage('clock', `+${days}d`)
}

/** The installation's present day, some days on. */
export function day(later = 0): string {
  const found = /\d{4}-\d{2}-\d{2}/.exec(manage('clock', '--show'))
  if (!found) throw new Error('the clock tells no day')
  const date = new Date(`${found[0]}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + later)
  return date.toISOString().slice(0, 10)
}

interface Message {
  text: string
}

/** The text messages on a phone, newest first. */
export async function messages(phone: string): Promise<Message[]> {
  const answer = await fetch(`${SANDBOX}/phone/messages?to=${phone}`)
  return ((await answer.json()) as { messages: Message[] }).messages
}

/** Waits for a message that came after the first so many and gives the six digits in it. */
export async function codeAfter(phone: string, before: number): Promise<string> {
  for (let round = 0; round < 100; round++) {
    const all = await messages(phone)
    for (const message of all.slice(0, all.length - before)) {
      const found = /(?<!\d)\d{6}(?!\d)/.exec(message.text)
      if (found) return found[0]
    }
    await new Promise((done) => setTimeout(done, 200))
  }
  throw new Error(`no code came to ${phone}`)
}
