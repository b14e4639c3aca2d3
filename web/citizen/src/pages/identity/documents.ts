/** Who one says one is (ZB-04.2), and what can be told before the server is asked. */
import type { FieldProblem } from '../../api/types'

export interface Claim {
  name: string
  document_type: string
  document_number: string
}

/** The dictionary that names the kinds of documents. */
export const DOCUMENTS = 'document_type'

/** What is left empty; whether a number is possible for its type is the server's to say. */
export function claimProblems(claim: Claim): FieldProblem[] {
  const found: FieldProblem[] = []
  if (claim.name.trim().length < 2)
    found.push({ field: 'name', code: 'name.missing', message: '写上姓名，和证件上一样' })
  if (!claim.document_type) found.push({ field: 'document_type', code: 'type.missing', message: '选证件类型' })
  if (!claim.document_number.trim())
    found.push({ field: 'document_number', code: 'number.missing', message: '写上证件号码' })
  return found
}
