/** Keys of a table: ↑ ↓ row, Space select, Shift extend, Enter panel, Esc close. */
export interface TableKeys {
  count: () => number
  move: (at: number) => void
  mark: (at: number, stretch: boolean) => void
  open: (at: number) => void
  close: () => void
}

export function useKeys(table: TableKeys): (event: KeyboardEvent, at: number) => void {
  return (event, at) => {
    if (event.target !== event.currentTarget) return
    const last = table.count() - 1
    if (event.key === 'ArrowDown') table.move(Math.min(at + 1, last))
    else if (event.key === 'ArrowUp') table.move(Math.max(at - 1, 0))
    else if (event.key === 'Home') table.move(0)
    else if (event.key === 'End') table.move(last)
    else if (event.key === ' ') table.mark(at, event.shiftKey)
    else if (event.key === 'Enter') table.open(at)
    else if (event.key === 'Escape') table.close()
    else return
    if (event.shiftKey && event.key.startsWith('Arrow')) {
      table.mark(event.key === 'ArrowDown' ? Math.min(at + 1, last) : Math.max(at - 1, 0), false)
    }
    event.preventDefault()
  }
}
