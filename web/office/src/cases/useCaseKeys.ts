/** J K sections, M materials, Alt 1–5 outcomes, Ctrl Enter submit, ? help; they rest while one types. */
import { onBeforeUnmount, onMounted } from 'vue'

export interface CaseKeys {
  section: (by: number) => void
  materials: () => void
  outcome: (n: number) => void
  submit: () => void
  help: () => void
}

export function useCaseKeys(keys: CaseKeys): void {
  function listen(event: KeyboardEvent): void {
    if (document.querySelector('.el-overlay:not([style*="display: none"]) [role="dialog"]')) return
    if (event.ctrlKey && event.key === 'Enter') {
      keys.submit()
      event.preventDefault()
      return
    }
    if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
      keys.outcome(Number(event.code.slice(5)))
      event.preventDefault()
      return
    }
    const typing = (event.target as HTMLElement).closest('input, textarea, select, [contenteditable]')
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'j' || event.key === 'J') keys.section(1)
    else if (event.key === 'k' || event.key === 'K') keys.section(-1)
    else if (event.key === 'm' || event.key === 'M') keys.materials()
    else if (event.key === '?') keys.help()
    else return
    event.preventDefault()
  }
  onMounted(() => window.addEventListener('keydown', listen))
  onBeforeUnmount(() => window.removeEventListener('keydown', listen))
}
