/** What a device forgets when its person leaves: a draft holds identity numbers of a whole family. */
export function clearDrafts(id: number | undefined): void {
  if (id === undefined) return
  try {
    for (const key of Object.keys(localStorage)) {
      if (key === `anju.draft.${id}` || key.startsWith(`anju.submit.${id}.`)) localStorage.removeItem(key)
    }
  } catch {
    // Nothing can be kept there, so nothing is.
  }
}
