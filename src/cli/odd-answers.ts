import type {ContentAddress} from '../model/content-address.ts'
import {isSameModel} from '../model/same-model.ts'
import type {BookPlan, BookRun} from './build-book.ts'
import type {Reporter} from './reporter.ts'

/** How many directives a warning names before it counts the rest. */
const shownIds = 10

/** A text that stands, by the raw completion that it was made from. */
interface Standing {
  readonly id: string
  readonly outlinePath: string
  readonly request: ContentAddress
  readonly isNew: boolean
}

/**
 * What only shows when the answers of a build are looked at together: another model than the one that was asked, and
 * one text for several prompts, as of something on the way that mixes answers up.
 */
export class OddAnswers {
  /** Ids by what was asked and what answered. */
  private readonly models = new Map<
    string,
    {readonly asked: string; readonly answered: string; readonly ids: string[]}
  >()
  private readonly byCompletion = new Map<ContentAddress, Standing[]>()

  /** Takes in the texts of a book after its run. */
  note({context, texts}: BookPlan, {results}: BookRun): void {
    if (!context.usesModel) return
    for (const id of context.loaded.plan.jobs.keys()) {
      const record = texts.get(id)?.file.record
      if (record === undefined || record.provider === 'draft') continue
      const isNew = results.get(id)?.type === 'completed'
      const {completion, request, basis, model} = record
      const standing = this.byCompletion.get(completion) ?? []
      standing.push({id, outlinePath: context.loaded.target.outlinePath, request, isNew})
      this.byCompletion.set(completion, standing)
      if (!isNew || isSameModel(basis.model, model)) continue
      const pair = JSON.stringify([basis.model, model])
      const noted = this.models.get(pair) ?? {asked: basis.model, answered: model, ids: []}
      noted.ids.push(id)
      this.models.set(pair, noted)
    }
  }

  /** Warns of each pair of models once, and of each text that came for several requests. */
  report(reporter: Reporter): void {
    for (const {asked, answered, ids} of this.models.values()) {
      reporter.warn(
        `the server answered with the model \`${answered}\` where \`${asked}\` was asked for; manifest.json and the section files name the one that answered: ${named(ids)}`,
      )
    }
    for (const standing of this.byCompletion.values()) {
      const requests = new Set(standing.map(({request}) => request))
      // One directive may be asked of several models for a sample, which may well agree.
      const directives = new Map(standing.map(({outlinePath, id}) => [`${outlinePath}:${id}`, id]))
      if (requests.size < 2 || directives.size < 2 || !standing.some(({isNew}) => isNew)) continue
      reporter.warn(
        `the same answer came for different prompts, so that something on the way may mix answers up: ${named([...directives.values()])}`,
      )
    }
  }
}

function named(ids: readonly string[]): string {
  const rest = ids.length - shownIds
  return `${ids.slice(0, shownIds).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
