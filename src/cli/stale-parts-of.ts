import {type BasisPart, staleParts} from '../plan/judge-state.ts'

/** The parts whose change makes a text stale, from the config's `rebuild`. */
export function stalePartsOf(rebuild: readonly BasisPart[] | undefined): ReadonlySet<BasisPart> {
  return rebuild === undefined ? staleParts : new Set<BasisPart>([...rebuild, 'draft'])
}
