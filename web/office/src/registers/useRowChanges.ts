/** Removing rows, and reading again what a change touched. */
import type { RegisterRow } from '@anju/shared/api/registers'
import { useQueryClient } from '@tanstack/vue-query'
import { ElMessageBox } from 'element-plus'
import type { Ref } from 'vue'
import { api } from '@/lib/api'
import { failed, saved } from '@/lib/notify'

export function useRowChanges(key: Ref<string>, changed: () => void) {
  const client = useQueryClient()

  function refresh(): void {
    changed()
    void client.invalidateQueries({ queryKey: ['register-rows', key.value] })
    void client.invalidateQueries({ queryKey: ['register-row', key.value] })
  }

  /** Asks, and removes; whether it is gone. */
  async function remove(row: RegisterRow, title: string): Promise<boolean> {
    try {
      await ElMessageBox.confirm('删除后不能恢复；变更历史会保留。', `删除 ${title}`, {
        confirmButtonText: '删除',
        cancelButtonText: '取消',
        confirmButtonClass: 'el-button--danger',
        type: 'warning',
      })
    } catch {
      return false
    }
    try {
      await api.remove(`/registers/${key.value}/rows/${row.id}`, { version: row.version ?? 1 })
      saved(`已删除 ${title}`)
      refresh()
      return true
    } catch (error) {
      failed(error)
      return false
    }
  }

  return { refresh, remove }
}
