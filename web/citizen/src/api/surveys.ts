/** Demand surveys: what a city asks, and one's own answer. */
import type { Schema } from '../forms/schema'
import type { Values } from './types'

export interface Survey {
  id: number
  title: string
  intro: string
  opens_on: string
  closes_on: string
  open: boolean
}

export interface AskedSurvey extends Survey {
  form: Schema
}

export interface OwnAnswer {
  mine: { answers: Values; updated_at: string } | null
}
