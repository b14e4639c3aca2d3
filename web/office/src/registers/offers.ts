/** What a page may offer for a row: what the person may do at all, less what cannot be done to this row now. */
import type { RegisterAction, RegisterDeclaration } from '@anju/shared/api/registers'

export function offeredFor(
  declaration: RegisterDeclaration,
  shut: string[] = [],
): { acts: RegisterAction[]; change: boolean; remove: boolean } {
  return {
    acts: declaration.row_actions.filter((one) => !shut.includes(one.key)),
    change: declaration.can.change && !shut.includes('@change'),
    remove: declaration.can.delete && !shut.includes('@delete'),
  }
}
