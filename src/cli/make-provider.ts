import {type Provider, ProviderError} from '../model/provider.ts'
import type {Clock} from '../schedule/clock.ts'
import type {ProviderChoice} from './build-settings.ts'
import type {OpenBooks} from './open-books.ts'

/** The provider that was chosen; its code is loaded only now. */
export async function makeProvider(choice: ProviderChoice, open: OpenBooks): Promise<Provider> {
  const now = (): number => Date.now()
  if (choice.name === 'draft') {
    const [{DraftProvider}, {readPassages}] = await Promise.all([
      import('../providers/draft-provider.ts'),
      import('../ground/passage-library.ts'),
    ])
    return new DraftProvider(readPassages(open.shared.notes, open.shared.bibliography), now)
  }
  if (choice.isOffline === true) return offlineProvider
  const {OpenAiProvider} = await import('../providers/openai-provider.ts')
  return new OpenAiProvider({
    baseUrl: choice.baseUrl as string,
    now,
    prompts: open.books.flatMap(({plan}) => [...plan.jobs.values()].map(({directive}) => directive.value)),
    ...(choice.apiKey === undefined ? {} : {apiKey: choice.apiKey}),
  })
}

/** Stands in for a server when nothing may be sent: what is not stored fails, everything else goes on. */
const offlineProvider: Provider = {
  name: 'openai',
  complete: () =>
    Promise.reject(
      new ProviderError('Not in the store, and --offline sends nothing', {code: 'offline', isRetryable: false}),
    ),
}

/** The clock of the machine. */
export const realClock: Clock = {
  nowMs: () => performance.now(),
  dateMs: () => Date.now(),
  sleep: (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve()
        return
      }
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1))
      signal.addEventListener('abort', done, {once: true})
    }),
}
