/** Numbers that name a person: they belong in no address, no stored view and no log. */
const NUMBER = /(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?![0-9A-Za-z])/

/** Whether a text holds a whole identity or mobile number, written with blanks or hyphens or without. */
export function namesPerson(text: string): boolean {
  return NUMBER.test(text) || NUMBER.test(text.replace(/[\s-]/g, ''))
}
