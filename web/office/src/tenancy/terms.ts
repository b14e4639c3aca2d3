/** What a contract asks for, as a form of the same kind as all others. */
import type { ContractTerms, Occupant } from '@anju/shared/api/tenancy'
import type { FormField, FormValues } from '@anju/shared/forms/schema'

export const TERMS: FormField[] = [
  { key: 'starts_on', title: '租期开始', type: 'date', required: true },
  { key: 'ends_on', title: '租期结束', type: 'date', required: true },
  { key: 'rent', title: '月租金', type: 'money', required: true, unit: '元', min: 0 },
  { key: 'deposit', title: '押金', type: 'money', required: true, unit: '元', min: 0 },
  { key: 'attribute', title: '合同属性', type: 'choice', dictionary: 'contract_attribute', required: true },
  { key: 'kind', title: '承租类型', type: 'choice', dictionary: 'contract_kind', required: true },
  { key: 'rent_mode', title: '付租方式', type: 'choice', dictionary: 'rent_mode', required: true },
]

export const OCCUPANT: FormField[] = [
  { key: 'kind', title: '类别', type: 'choice', dictionary: 'occupant_kind', required: true },
  { key: 'name', title: '姓名', type: 'person_name', required: true, max_length: 60 },
  { key: 'relation', title: '与承租人关系', type: 'choice', dictionary: 'relation', required: true },
  { key: 'document_number', title: '身份证号', type: 'id_number', required: true, max_length: 30 },
  { key: 'phone', title: '手机', type: 'phone', max_length: 20 },
]

/** Two years from the day given, one day less: the default term. */
export function firstTerms(start: string): FormValues {
  const end = new Date(`${Number(start.slice(0, 4)) + 2}${start.slice(4)}T00:00:00Z`)
  end.setUTCDate(end.getUTCDate() - 1)
  return {
    starts_on: start,
    ends_on: end.toISOString().slice(0, 10),
    rent: '',
    deposit: '',
    attribute: 'new',
    kind: 'individual',
    rent_mode: 'monthly',
  }
}

export function asTerms(values: FormValues): ContractTerms {
  return Object.fromEntries(
    TERMS.map((field) => [field.key, String(values[field.key] ?? '')]),
  ) as unknown as ContractTerms
}

/** The people of a contract as rows of its form; numbers stay masked. */
export function occupantRows(people: Occupant[]): FormValues[] {
  return people.map(({ id, kind, name, relation, document_number, phone }) => ({
    id,
    kind,
    name,
    relation,
    document_number,
    phone,
  }))
}

export function asOccupants(rows: FormValues[]): Occupant[] {
  return rows.map((row) => {
    const words = Object.fromEntries(OCCUPANT.map((field) => [field.key, String(row[field.key] ?? '')]))
    return { ...(words as unknown as Occupant), ...(typeof row.id === 'number' ? { id: row.id } : {}) }
  })
}
