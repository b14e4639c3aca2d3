/** A matter being filled in: the draft is made at the first change, saved while one types, fetched into, and filed. */
import type { MatterDraft, MatterKind } from '@anju/shared/api/cases'
import { ApiError, type FieldProblem } from '@anju/shared/api/errors'
import { checkForm } from '@anju/shared/forms/check'
import type { FormValues } from '@anju/shared/forms/schema'
import { useQueryClient } from '@tanstack/vue-query'
import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { api } from '@/lib/api'
import { failed } from '@/lib/notify'

const PAUSE = 1500

export function useDraft() {
  const client = useQueryClient()
  const kind = shallowRef<MatterKind | null>(null)
  const draft = shallowRef<MatterDraft | null>(null)
  const data = ref<FormValues>({})
  const problems = ref<FieldProblem[]>([])
  const busy = ref(false)
  const saving = ref(false)
  const dirty = ref(false)
  const error = shallowRef<unknown>(null)
  let timer = 0
  let queue: Promise<unknown> = Promise.resolve()

  async function open(type: string, id: number): Promise<void> {
    error.value = null
    try {
      if (id) taken(await api.get<MatterDraft>(`/cases/drafts/${id}`))
      const found = await api.get<MatterKind>(`/cases/matters/${draft.value?.type ?? type}`)
      if (!draft.value) data.value = found.begins
      kind.value = found
    } catch (failure) {
      error.value = failure
    }
  }

  function taken(now: MatterDraft): void {
    draft.value = now
    data.value = now.data
  }

  /** One request after another, so that each names the version that the last one made. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = queue.then(work, work)
    queue = next.catch(() => null)
    return next
  }

  function change(section: string, values: FormValues): void {
    data.value = { ...data.value, [section]: values }
    dirty.value = true
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void save().catch(failed), PAUSE)
  }

  function save(): Promise<void> {
    window.clearTimeout(timer)
    return inTurn(async () => {
      if (draft.value && !dirty.value) return
      saving.value = true
      dirty.value = false
      try {
        const { id, version } = draft.value ?? { id: 0, version: 0 }
        draft.value = id
          ? await api.put<MatterDraft>(`/cases/drafts/${id}`, { version, data: data.value })
          : await api.post<MatterDraft>('/cases/drafts', { type: kind.value?.key, data: data.value })
        void client.invalidateQueries({ queryKey: ['matters'] })
      } catch (failure) {
        dirty.value = true
        throw failure
      } finally {
        saving.value = false
      }
    })
  }

  /** Something done to the saved draft; what the server answers takes the place of what is shown. */
  async function act(work: (path: string) => Promise<MatterDraft>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    try {
      await save()
      taken(await inTurn(() => work(`/cases/drafts/${draft.value?.id}`)))
      return true
    } catch (failure) {
      problems.value = failure instanceof ApiError ? failure.problems : []
      if (!problems.value.length) failed(failure)
      return false
    } finally {
      busy.value = false
    }
  }

  function upload(klass: string, file: File): Promise<boolean> {
    const form = new FormData()
    form.append('klass', klass)
    form.append('file', file)
    return act((path) => api.upload<MatterDraft>(`${path}/materials`, form))
  }

  const remove = (file: number) => act((path) => api.remove<MatterDraft>(`${path}/materials/${file}`))
  const fetchInto = (key: string, asked: Record<string, string>) =>
    act((path) => api.post<MatterDraft>(`${path}/fetch`, { key, asked }))

  /** Files the matter; null when something is still wrong, and then `problems` says what. */
  async function file(): Promise<{ id: number; number: string } | null> {
    if (!kind.value || busy.value) return null
    problems.value = [...checkForm({ ...kind.value.schema, pages: true }, data.value), ...missingPapers(kind.value)]
    if (problems.value.length) return null
    busy.value = true
    try {
      await save()
      const made = await inTurn(() => api.post<{ id: number; number: string }>(`/cases/drafts/${draft.value?.id}/file`))
      void client.invalidateQueries({ queryKey: ['matters'] })
      return made
    } catch (failure) {
      problems.value = failure instanceof ApiError ? failure.problems : []
      if (!problems.value.length) failed(failure)
      return null
    } finally {
      busy.value = false
    }
  }

  function missingPapers(of: MatterKind): FieldProblem[] {
    const held = new Set(draft.value?.materials.map((one) => one.klass))
    return of.materials
      .filter((one) => one.required && !held.has(one.klass))
      .map((one) => ({
        field: `materials.${one.klass}`,
        code: 'material.missing',
        message: `还没有上传${one.title}`,
      }))
  }

  onBeforeUnmount(() => {
    window.clearTimeout(timer)
    if (dirty.value) void save().catch(failed)
  })

  return {
    kind,
    draft,
    data,
    problems,
    busy,
    saving,
    dirty,
    error,
    open,
    change,
    save,
    upload,
    remove,
    fetchInto,
    file,
  }
}

export type DraftWork = ReturnType<typeof useDraft>
