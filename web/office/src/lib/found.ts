/** Whether any of some texts holds what was typed, in capitals or not; nothing typed is held by all. */
export function holds(typed: string, ...texts: unknown[]): boolean {
  const wanted = typed.trim().toLowerCase()
  return texts.some((text) => String(text).toLowerCase().includes(wanted))
}
