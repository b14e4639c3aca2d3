/** The movements of a household in the queue, as a line and as sentences. */
import type { WaitingMove } from '../../api/types'

export interface Point {
  at: string
  place: number
}

/** Oldest first, without the moments at which there was no place; the last is the present place. */
export function pointsOf(moves: WaitingMove[], present: number | null): Point[] {
  const points = moves
    .filter((move): move is WaitingMove & { place: number } => move.place !== null)
    .map(({ at, place }) => ({ at, place }))
    .sort((a, b) => a.at.localeCompare(b.at))
  const last = points[points.length - 1]
  return last && present ? [...points, { at: last.at, place: present }] : points
}

/** How many places were gained since the first known one; negative when others came before. */
export function advanced(points: Point[]): number {
  const first = points[0]
  const last = points[points.length - 1]
  return first && last ? first.place - last.place : 0
}

export interface Change {
  move: WaitingMove
  change: number
}

/** Each movement with the places it gained or lost; newest first, as given. */
export function changesOf(moves: WaitingMove[]): Change[] {
  return moves.map((move, index) => {
    const before = moves.slice(index + 1).find((one) => one.place !== null)
    const change = before?.place && move.place ? before.place - move.place : 0
    return { move, change }
  })
}
