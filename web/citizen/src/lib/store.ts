/** What this device remembers; a full or forbidden store never stops a page. */
export const store = {
  read<T>(key: string): T | null {
    try {
      const text = localStorage.getItem(key)
      return text ? (JSON.parse(text) as T) : null
    } catch {
      return null
    }
  },
  write(key: string, value: unknown): boolean {
    try {
      localStorage.setItem(key, JSON.stringify(value))
      return true
    } catch {
      return false
    }
  },
  forget(key: string): void {
    try {
      localStorage.removeItem(key)
    } catch {
      // Nothing was kept there.
    }
  },
}
