import {VFile} from 'vfile'
import type {Plan} from '../model/job.ts'
import {isOfOtherBook} from '../model/other-book.ts'
import type {SourceEdit} from '../model/outline.ts'
import {applyEdits} from '../syntax/fix-outline.ts'
import {type ParseOptions, parseOutline} from '../syntax/parse-outline.ts'
import type {ParsedOutline} from '../syntax/parsed-outline.ts'
import {isExplicitId} from '../syntax/read-attributes.ts'
import {type PlanOptions, planJobs} from './plan-jobs.ts'

/** Edits that write ids into tags, and the ids of directives that cannot have theirs written. */
export interface IdEdits {
  readonly edits: readonly SourceEdit[]
  /** Ids that an attribute cannot hold, such as `tea/green#2`. */
  readonly unwritable: readonly string[]
  /** Ids of directives that would be read otherwise with an id in their tag. */
  readonly unread: readonly string[]
}

/**
 * Edits that write the id that each directive has now into its tag where that has none, so that no change of a heading
 * moves it. The outline is read again with them: an edit after which anything reads otherwise is left out.
 */
export function idEdits(
  outline: ParsedOutline,
  plan: Plan,
  options: {readonly parse: ParseOptions; readonly plan: PlanOptions},
): IdEdits {
  const unwritable: string[] = []
  const wanted: {id: string; edit: SourceEdit}[] = []
  for (const [number, id] of [...plan.jobs.keys()].entries()) {
    const tag = outline.scanned[number]?.tag
    if (tag === undefined || tag.attributes.some(({name}) => name.toLowerCase() === 'id')) continue
    const at = tag.start + 1 + tag.name.length
    if (isExplicitId(id)) wanted.push({id, edit: {start: at, end: at, text: ` id="${id}"`}})
    else unwritable.push(id)
  }
  const before = readings(outline, plan)
  const isSame = (edits: readonly SourceEdit[]): boolean => {
    const file = new VFile({path: outline.path, value: applyEdits(outline.source, edits)})
    const read = parseOutline(file, options.parse)
    return readings(read, planJobs(read, file, options.plan)) === before
  }
  const kept = largestSame(wanted, (some) => isSame(some.map(({edit}) => edit)))
  const isKept = new Set(kept)
  return {
    edits: kept.map(({edit}) => edit),
    unwritable,
    unread: wanted.filter((one) => !isKept.has(one)).map(({id}) => id),
  }
}

/** How all directives are read, as one text. */
function readings({directives}: ParsedOutline, {jobs}: Plan): string {
  const rows = [...jobs.values()].map(({id, sectionId, kind, depth, dependsOn}, at) => {
    const {value, container, label, attributes} = directives[at] ?? {}
    // What is read of other books does not hang on the ids of this one.
    const own = dependsOn.filter((upstream) => !isOfOtherBook(upstream))
    return [id, sectionId, kind, depth, own, value, container, label, {...attributes, id: undefined}]
  })
  return JSON.stringify(rows)
}

/** All of some values, or as many as pass a test together: halves that do not pass are halved again. */
function largestSame<Value>(
  values: readonly Value[],
  test: (some: readonly Value[]) => boolean,
  before: readonly Value[] = [],
): readonly Value[] {
  if (values.length === 0 || test([...before, ...values])) return [...before, ...values]
  if (values.length === 1) return before
  const middle = values.length >> 1
  return largestSame(values.slice(middle), test, largestSame(values.slice(0, middle), test, before))
}
