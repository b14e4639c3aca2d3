/** The wrong fields of a page: a summary on top that takes the focus, and the same sentence at each field. */
import { computed, nextTick, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { FieldProblem } from '../api/types'
import { setFailing } from './page'

export interface Problems {
  all: Ref<FieldProblem[]>
  any: ComputedRef<boolean>
  of: (field: string) => string
  show: (problems: FieldProblem[]) => boolean
  forget: (field: string) => void
}

export function useProblems(): Problems {
  const all = ref<FieldProblem[]>([])
  watch(all, (listed) => setFailing(listed.length > 0))
  onScopeDispose(() => setFailing(false))

  return {
    all,
    any: computed(() => all.value.length > 0),
    of: (field) => all.value.find((problem) => problem.field === field)?.message ?? '',
    /** True when there is something to mend. */
    show(problems) {
      all.value = problems
      if (!problems.length) return false
      void nextTick(() => document.getElementById('error-summary')?.focus())
      return true
    },
    forget(field) {
      if (all.value.some((problem) => problem.field === field))
        all.value = all.value.filter((problem) => problem.field !== field)
    },
  }
}

/** The id that a field's input carries, so that the summary can lead there. */
export const fieldId = (field: string) => `f-${field.replaceAll('.', '-')}`
