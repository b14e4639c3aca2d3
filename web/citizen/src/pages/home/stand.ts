/** Where a resident stands, in one line and one next step, out of what the server knows about him. */
import { http } from '../../api/http'
import type {
  Application,
  Batch,
  CaseBrief,
  CaseState,
  CitizenCase,
  ContractBrief,
  ContractState,
  Me,
  Tone,
  Waiting,
  WaitingEntry,
} from '../../api/types'
import { caseNumber, dayAndWeekday } from '../../lib/format'
import { useLoad, type Load } from '../../lib/useLoad'
import { known, session } from '../../session'

/** The state of an application in a word. */
export const STATES: Record<CaseState, string> = {
  open: '审核中',
  supplement: '要补材料',
  passed: '通过了',
  refused: '没有受理',
  failed: '没有通过',
  withdrawn: '已撤回',
  deleted: '已终止',
}

export interface Facts {
  me: Me
  application: Application | null
  matter: CitizenCase | null
  waiting: Waiting | null
  batches: Batch[]
  contracts: ContractBrief[]
}

export interface Stand {
  eyebrow: string
  number?: string
  tag: { tone: Tone; text: string }
  title: string
  text: string
  /** True where nothing is expected of the person. */
  calm: boolean
  action: { label: string; to: string }
  matter?: CitizenCase
}

export interface Todo {
  title: string
  text: string
  to: string
}

/** What the person has to do, the most pressing first. */
export function todosOf(facts: Facts): Todo[] {
  const found: Todo[] = []
  for (const contract of facts.contracts.filter((one) => one.can_sign)) {
    found.push({ title: '签合同', text: contract.address, to: `/contracts/${contract.id}` })
  }
  if (facts.waiting?.entry?.state === 'called') {
    for (const batch of facts.batches) {
      found.push({
        title: '可以选房了',
        text: `${batch.title}，${dayAndWeekday(batch.ends_on)}前`,
        to: `/batches/${batch.id}`,
      })
    }
  }
  const supplement = facts.matter?.supplement
  if (facts.matter && supplement) {
    found.push({
      title: `补 ${supplement.items.length} 份材料`,
      text: `${supplement.due.text}前`,
      to: `/records/${facts.matter.id}`,
    })
  }
  if (facts.me.verified === 'refused')
    found.push({ title: '重新做实名认证', text: facts.me.refusal ?? '', to: '/identity' })
  return found
}

function ofMatter(matter: CitizenCase): Stand {
  const { deadline } = matter
  return {
    eyebrow: matter.title,
    number: caseNumber(matter.number),
    tag: { tone: matter.tone, text: STATES[matter.state] },
    title: matter.headline,
    text: deadline
      ? `${deadline.text}前${matter.supplement ? '补上' : '告诉你结果'}，还有 ${Math.max(0, deadline.remaining)} 个工作日。`
      : (matter.refusal?.reason ?? ''),
    calm: matter.todo === null && matter.supplement === null,
    action: { label: matter.supplement ? '去补材料' : '查看进度', to: `/records/${matter.id}` },
    matter,
  }
}

function ofIdentity(me: Me): Stand | null {
  const eyebrow = '申请公租房之前'
  if (me.verified === 'none')
    return {
      eyebrow,
      tag: { tone: 'wait', text: '还没认证' },
      title: '先做实名认证',
      text: '证明你是你本人。银行用户马上有结果，证件照片要 1 到 3 个工作日。',
      calm: false,
      action: { label: '去认证', to: '/identity' },
    }
  if (me.verified === 'waiting')
    return {
      eyebrow,
      tag: { tone: 'run', text: '正在核对' },
      title: '正在核对你的证件照片',
      text: '1 到 3 个工作日告诉你结果，会发短信。',
      calm: true,
      action: { label: '看认证情况', to: '/identity' },
    }
  if (me.verified === 'refused')
    return {
      eyebrow,
      tag: { tone: 'bad', text: '没有通过' },
      title: '实名认证没有通过',
      text: me.refusal ?? '',
      calm: false,
      action: { label: '重新认证', to: '/identity' },
    }
  return null
}

const LIVING: ContractState[] = ['effective', 'filed', 'leaving']

function ofSigning(contract: ContractBrief): Stand {
  return {
    eyebrow: '公租房合同',
    number: contract.number,
    tag: { tone: 'wait', text: contract.state_title },
    title: '等你签合同',
    text: '在手机上签，大约 10 分钟。',
    calm: false,
    action: { label: '去看合同', to: `/contracts/${contract.id}` },
  }
}

function ofLiving(contract: ContractBrief): Stand {
  return {
    eyebrow: '公租房合同',
    number: contract.number,
    tag: { tone: contract.state === 'leaving' ? 'out' : 'ok', text: contract.state_title },
    title: contract.address,
    text: `合同到 ${dayAndWeekday(contract.ends_on)}。`,
    calm: true,
    action: { label: '看合同', to: `/contracts/${contract.id}` },
  }
}

function ofWaiting(waiting: Waiting, entry: WaitingEntry, batches: Batch[]): Stand {
  const eyebrow = '公租房轮候'
  const [batch] = batches
  if (entry.state === 'called' && batch)
    return {
      eyebrow,
      tag: { tone: 'wait', text: entry.state_title },
      title: '轮到你选房了',
      text: `${batch.title}，${dayAndWeekday(batch.ends_on)}前选定。`,
      calm: false,
      action: { label: '去选房', to: `/batches/${batch.id}` },
    }
  if (entry.state === 'chosen')
    return {
      eyebrow,
      tag: { tone: 'ok', text: entry.state_title },
      title: '选好了，等签合同',
      text: '合同准备好会发短信，也会显示在这里。',
      calm: true,
      action: { label: '看我的轮候', to: '/waiting' },
    }
  return {
    eyebrow,
    tag: { tone: 'run', text: entry.state_title },
    title: waiting.place ? `你现在排在第 ${waiting.place} 位` : '正在轮候',
    text: waiting.place ? `前面还有 ${waiting.ahead ?? 0} 户。轮到你会发短信。` : '资格证过了有效期，要先办复核。',
    calm: waiting.place !== null,
    action: { label: '看我的轮候', to: '/waiting' },
  }
}

/** The one line of the home page, by what matters most now. */
export function standOf(facts: Facts): Stand {
  const { application, matter, waiting, contracts } = facts
  const signing = contracts.find((contract) => contract.can_sign)
  if (signing) return ofSigning(signing)
  const living = contracts.find((contract) => LIVING.includes(contract.state))
  if (living) return ofLiving(living)
  if (waiting?.entry && waiting.entry.state !== 'left') return ofWaiting(waiting, waiting.entry, facts.batches)
  if (matter && application?.open_case) return ofMatter(matter)
  if (application?.draft && application.draft.done.length > 0)
    return {
      eyebrow: '公共租赁住房资格申请',
      tag: { tone: 'run', text: '填到一半' },
      title: `还差 ${9 - application.draft.done.length} 步就能提交`,
      text: '填过的都存着，可以接着填。',
      calm: false,
      action: { label: '接着填', to: '/apply' },
    }
  const identity = ofIdentity(facts.me)
  if (identity) return identity
  if (matter?.state === 'passed')
    return {
      ...ofMatter(matter),
      text: '下一步：登记轮候，告诉我们想要哪里的房子。',
      calm: false,
      action: { label: '去登记轮候', to: '/waiting/intention' },
    }
  if (matter) return ofMatter(matter)
  return {
    eyebrow: '公共租赁住房资格申请',
    tag: { tone: 'idle', text: '没开始' },
    title: '可以申请公租房',
    text: '填写大约 20 分钟，可以分几次填。提交后 5 个工作日内告诉你收没收下。',
    calm: false,
    action: { label: '开始申请', to: '/apply' },
  }
}

const orNull = <T>(asked: Promise<T>): Promise<T | null> => asked.catch(() => null)

async function facts(): Promise<Facts | null> {
  await known()
  const { me } = session.state
  if (!me) return null
  const [application, cases, waiting, batches, contracts] = await Promise.all([
    http.get<Application>('/citizen/application'),
    http.get<{ rows: CaseBrief[] }>('/citizen/cases'),
    orNull(http.get<Waiting>('/citizen/waiting')),
    orNull(http.get<{ rows: Batch[] }>('/citizen/batches')),
    orNull(http.get<{ rows: ContractBrief[] }>('/citizen/contracts')),
  ])
  const latest = application.open_case ?? cases.rows[0]
  const matter = latest ? await http.get<CitizenCase>(`/citizen/cases/${latest.id}`) : null
  return { me, application, matter, waiting, batches: batches?.rows ?? [], contracts: contracts?.rows ?? [] }
}

export interface StandView {
  stand: Stand
  todos: Todo[]
}

/** Loads it for the person signed in; null for a visitor. */
export function useStand(): Load<StandView | null> {
  return useLoad(async () => {
    const found = await facts()
    return found && { stand: standOf(found), todos: todosOf(found) }
  })
}
