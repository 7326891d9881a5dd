import {isSameModel} from '../model/same-model.ts'
import type {SectionFile} from '../store/section-file.ts'
import {reviewOf} from './review-state.ts'

/** The model that was asked for a section file's text; undefined for the author's own file. */
export function writtenBy(file: Pick<SectionFile, 'record' | 'extra'>): string | undefined {
  const {record} = file
  if (record === undefined) return undefined
  // A text that was accepted as good for another model was written by the one that answered.
  const isAccepted = reviewOf(file) !== undefined && !isSameModel(record.basis.model, record.model)
  return isAccepted ? record.model : record.basis.model
}
