/** A key for one submission: the same key never files, books or signs twice. */
export function newKey(): string {
  // randomUUID is missing where a city serves a test address without TLS.
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
