/** Which checks of the catalogue a test shows: as tags to choose by, and as properties of the JUnit report. */
export function covers(...checks: string[]): {
  tag: string[]
  annotation: { type: string; description: string }[]
} {
  return {
    tag: checks.map((check) => `@${check}`),
    annotation: checks.map((check) => ({ type: 'covers', description: check })),
  }
}
