/** The way from a problem to an input that is not on the page yet, because its row is on another page of its table. */
export const SHOW = 'anju:show'

export function focusInput(id: string): void {
  const here = document.getElementById(id)
  if (here) here.focus()
  else window.dispatchEvent(new CustomEvent(SHOW, { detail: id }))
}

/** The row that is asked for, if it is one of the table of this name. */
export function rowIn(event: Event, name: string): number | null {
  const id = (event as CustomEvent<string>).detail
  if (!id.startsWith(`${name}-`)) return null
  const at = Number.parseInt(id.slice(name.length + 1), 10)
  return Number.isNaN(at) ? null : at
}
