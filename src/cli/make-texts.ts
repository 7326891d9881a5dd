import {requestAddress} from '../model/request.ts'
import type {CompletionKeeper} from '../schedule/completion-keeper.ts'
import type {CompletionStore} from '../store/completion-store.ts'
import {RegenerateNotes} from '../store/regenerate-notes.ts'
import {AgainStore} from './again-store.ts'
import {type BookPlan, type BookRun, type RunBookOptions, runBook} from './build-book.ts'
import {buyCandidates} from './buy-candidates.ts'

/** Makes the texts of a plan as its command asks: those that are wanted, some again past the store, or candidates alone. */
export async function makeTexts(
  plan: BookPlan,
  store: CompletionStore,
  keeper: CompletionKeeper,
  options: Omit<RunBookOptions, 'store'>,
): Promise<BookRun> {
  const {again, loaded} = plan.context
  if (again === undefined) return runBook(plan, {...options, store: keeper})
  if (again.candidates !== undefined) {
    const countStored: Parameters<typeof buyCandidates>[2]['countStored'] = async (request) =>
      (await store.list(request)).entries.length
    return buyCandidates(plan, again.candidates, {...options, store: keeper, countStored})
  }
  const notes = new RegenerateNotes(loaded.target.root)
  const past = new AgainStore(keeper, store, notes, again)
  const run = await runBook(plan, {
    ...options,
    store: past,
    onRequest: (id, request) => {
      const present = plan.texts.get(id)?.file.record?.completion
      if (again.ids.has(id)) past.add(id, requestAddress(request), present)
    },
  })
  // What was left out comes with the same command, which is not to buy the rest another time.
  if (![...run.results.values()].some(({type}) => type === 'skipped')) await past.end()
  return run
}
