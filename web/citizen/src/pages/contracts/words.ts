/** A contract's states and ways of paying in a resident's words. */
import type { ContractState, Tone } from '../../api/types'

export const TONES: Record<ContractState, Tone> = {
  signing: 'wait',
  effective: 'ok',
  filed: 'ok',
  leaving: 'out',
  terminated: 'idle',
  cancelled: 'idle',
}

export const RENT_MODES: Record<string, string> = {
  monthly: '每月付',
  quarterly: '每 3 个月付',
  half_yearly: '每半年付',
  yearly: '每年付',
}

/** The one line that answers: where does my contract stand? */
export function headline(state: ContractState, canSign: boolean): string {
  if (canSign) return '等你签合同'
  return {
    signing: '合同正在准备',
    effective: '签好了，正在备案',
    filed: '合同已经备案',
    leaving: '你申请了退租',
    terminated: '已经退租',
    cancelled: '这份合同作废了',
  }[state]
}
