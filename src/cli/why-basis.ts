import {emptyExcerpt} from '../ground/source-finder.ts'
import type {Basis, Job} from '../model/job.ts'
import type {BasisPart} from '../plan/judge-state.ts'
import {wantedBasis} from './book-texts.ts'
import type {BookPlan} from './build-book.ts'

/** One of the parts that decide whether a text is still wanted. */
export interface BasisFact {
  readonly part: BasisPart
  /** What the text was made from: an address, a model's name, or addresses by directive; null where it played no role. */
  readonly was: Basis[keyof Basis] | null
  /** What it would be made from now. */
  readonly wanted: Basis[keyof Basis] | null
  readonly differs: boolean
  /** What the difference makes of the text. */
  readonly makes: 'stale' | 'drifted' | null
}

/** A part of a basis; none where it says that no source played a role. */
function countingPart(basis: Basis | undefined, part: keyof Basis): Basis[keyof Basis] | null {
  const value = basis?.[part] ?? null
  return part === 'sources' && value === emptyExcerpt.address ? null : value
}

const basisParts = ['prompt', 'template', 'style', 'model', 'sources', 'upstream'] as const

/** What a directive's text rests on, beside what it would rest on now. A part differs where it counts for the state. */
export function basisFacts(job: Job, {context, texts, judged}: BookPlan): BasisFact[] {
  const wanted = wantedBasis(job, context.loaded.plan, texts, context.render, context.sources)
  const was = texts.get(job.id)?.file.record?.basis
  const changed = new Set(judged.get(job.id)?.parts)
  const makes = (part: BasisPart): BasisFact['makes'] =>
    !changed.has(part) ? null : context.staleParts.has(part) ? 'stale' : 'drifted'
  const facts = basisParts.map(
    (part): BasisFact => ({
      part,
      was: countingPart(was, part),
      wanted: countingPart(wanted, part),
      differs: changed.has(part),
      makes: makes(part),
    }),
  )
  return changed.has('draft')
    ? [...facts, {part: 'draft', was: 'draft', wanted: wanted.model, differs: true, makes: makes('draft')}]
    : facts
}
