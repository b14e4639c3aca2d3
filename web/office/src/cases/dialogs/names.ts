/** The dialogs of a case page; one at a time. A check's dialog carries the check's id. */
export type DialogName =
  | ''
  | 'process'
  | 'supplement'
  | 'return'
  | 'reassign'
  | 'delete'
  | 'decide-delete'
  | 'keys'
  | 'material'
  | `manual:${number}`
