/** The step a person is about to take: outcome, opinion, reason and the form that goes with it; kept while he looks around. */
import type { FieldProblem } from '@anju/shared/api/errors'
import type { CaseView, Outcome } from '@anju/shared/api/cases'
import { checkForm } from '@anju/shared/forms/check'
import type { FormField, FormSchema, FormValues } from '@anju/shared/forms/schema'
import { computed, reactive, ref, watch, type Ref } from 'vue'

export const OPINION_MAX = 500

interface Draft {
  opinion: string
  reason: string
  reason_type: string
  inform: boolean
}

const BLANK: Draft = { opinion: '', reason: '', reason_type: '', inform: false }

function initial(schema: FormSchema): FormValues {
  const flat = (fields: FormField[]) =>
    Object.fromEntries(fields.filter((one) => one.default !== undefined).map((one) => [one.key, one.default]))
  if (schema.pages) return Object.fromEntries(schema.sections.map((section) => [section.key, flat(section.fields)]))
  return flat(schema.sections.flatMap((section) => section.fields))
}

export function useStep(view: Ref<CaseView>) {
  const chosen = ref('')
  const data = ref<FormValues>({})
  const problems = ref<FieldProblem[]>([])
  const draft = reactive<Draft>({ ...BLANK })
  const key = computed(() => `aj-step-${view.value.id}-${view.value.task?.id ?? 0}`)
  const outcomes = computed(() => view.value.task?.outcomes ?? [])
  const outcome = computed<Outcome | undefined>(() => outcomes.value.find((one) => one.key === chosen.value))
  const asksReason = computed(() => Boolean(outcome.value?.needs.reason_type || outcome.value?.needs.reason_min))
  const open = computed(() =>
    Boolean(outcome.value && !outcome.value.blocked && (asksReason.value || outcome.value.form)),
  )

  watch(
    key,
    (name) => {
      chosen.value = ''
      problems.value = []
      const kept = sessionStorage.getItem(name)
      Object.assign(draft, BLANK, kept ? (JSON.parse(kept) as Draft) : {})
    },
    { immediate: true },
  )
  watch(draft, (now) => sessionStorage.setItem(key.value, JSON.stringify(now)), { deep: true })

  function pick(n: string | number): void {
    const found = typeof n === 'number' ? outcomes.value[n - 1] : outcomes.value.find((one) => one.key === n)
    if (!found) return
    chosen.value = found.key === chosen.value ? '' : found.key
    problems.value = []
    data.value = found.form ? { ...initial(found.form), ...found.data } : {}
  }

  /** What is still missing, in words, before the step can be sent. */
  const missing = computed(() => {
    const now = outcome.value
    if (!now) return '请先选择办理结果'
    if (now.blocked) return now.blocked.message
    if (now.needs.opinion && !draft.opinion.trim()) return '请填写办理意见'
    if (now.needs.reason_type && !draft.reason_type) return '请选择理由类型'
    const least = now.needs.reason_min ?? 0
    if (draft.reason.trim().length < least) return `理由至少 ${least} 个字，现有 ${draft.reason.trim().length} 个`
    return ''
  })

  function check(): boolean {
    problems.value = outcome.value?.form ? checkForm(outcome.value.form, data.value) : []
    return !problems.value.length
  }

  function body() {
    return {
      outcome: chosen.value,
      opinion: draft.opinion.trim(),
      reason: asksReason.value ? draft.reason.trim() : '',
      reason_type: asksReason.value ? draft.reason_type : '',
      data: data.value,
      inform: Boolean(outcome.value?.needs.inform) && draft.inform,
    }
  }

  const done = () => sessionStorage.removeItem(key.value)
  return { chosen, outcome, outcomes, data, problems, draft, asksReason, open, missing, pick, check, body, done }
}
