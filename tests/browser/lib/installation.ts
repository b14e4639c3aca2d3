/** Commands of the installation under test: its clock, the answer of a captcha, the text messages of its sandbox. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface, type Interface } from 'node:readline'

const ROOT = resolve(import.meta.dirname, '../../..')
const PORT = Number(process.env.ANJU_PORT ?? '8600')
export const SANDBOX = process.env.ANJU_SANDBOX_URL ?? `http://127.0.0.1:${PORT + 1}`

/** Runs Python with the installation's environment. */
export function python(...args: string[]): string {
  return execFileSync('python', args, { cwd: ROOT, encoding: 'utf8', timeout: 600_000 }).trim()
}

let commands: { child: ChildProcess; lines: Interface } | undefined

/** A command of the installation, such as moving its clock: one process answers them all, one at a time. */
export async function ask(...args: string[]): Promise<string> {
  if (!commands) {
    const child = spawn('python', ['-m', 'tests.journeys.commands'], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] })
    child.unref()
    commands = { child, lines: createInterface({ input: child.stdout }) }
  }
  const answer = once(commands.lines, 'line') as Promise<[string]>
  commands.child.stdin?.write(`${JSON.stringify(args)}\n`)
  const { said, error } = JSON.parse((await answer)[0]) as { said?: string; error?: string }
  if (said === undefined) throw new Error(error)
  return said
}

export async function passDays(days: number): Promise<void> {
  await ask('clock', `+${days}d`)
}

/** The installation's present day, some days on. */
export async function day(later = 0): Promise<string> {
  const found = /\d{4}-\d{2}-\d{2}/.exec(await ask('clock', '--show'))
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
