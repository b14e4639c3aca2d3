import type { Occupant } from '@anju/shared/api/tenancy'
import { expect, it } from 'vitest'
import { asOccupants, occupantRows } from './terms'

const father: Occupant = {
  id: 41,
  kind: 'co_resident',
  name: '周建国',
  document_number: '339901********0026',
  phone: '139****1111',
  relation: 'parent',
}

it('sends a co-resident back with the row that its masked number belongs to', () => {
  expect(asOccupants(occupantRows([father]))).toEqual([father])
})

it('sends somebody new without one', () => {
  const row = { ...occupantRows([father])[0], id: null }
  expect(asOccupants([row])[0]).not.toHaveProperty('id')
})
