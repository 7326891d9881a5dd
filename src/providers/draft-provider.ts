import {composeDraft, type DraftTask} from '../ground/compose-draft.ts'
import type {PassageLibrary} from '../ground/passage-library.ts'
import type {Bibliography} from '../model/bibliography.ts'
import type {Completion} from '../model/completion.ts'
import {type ContentAddress, contentAddress} from '../model/content-address.ts'
import type {Provider} from '../model/provider.ts'
import {type Request, requestAddress} from '../model/request.ts'

/** Composes drafts from the course's sources: no key, no network, no fact that the sources do not hold. */
export class DraftProvider implements Provider {
  readonly name = 'draft'

  constructor(
    private readonly library: PassageLibrary,
    private readonly now: () => number,
  ) {}

  async complete(request: Request): Promise<Completion> {
    const task = JSON.parse(request.messages.at(-1)?.content ?? '{}') as DraftTask
    return {
      request: requestAddress(request),
      text: composeDraft(task, this.library),
      finish: 'stop',
      usage: {inputTokens: 0, outputTokens: 0},
      model: 'draft',
      provider: 'draft',
      generated: new Date(this.now()).toISOString(),
    }
  }
}

/** The request for a draft; it names the sources by their content, so that its address changes with them. */
export function draftRequest(task: DraftTask, sources: ContentAddress): Request {
  return {
    endpoint: 'draft',
    model: 'draft',
    messages: [
      {role: 'system', content: `sources ${sources}`},
      {role: 'user', content: JSON.stringify(task)},
    ],
    sampling: {},
    limits: {},
  }
}

/** Address of a set of source notes with their bibliography. */
export function sourcesAddress(
  notes: readonly {readonly name: string; readonly text: string}[],
  bibliography?: Bibliography,
): ContentAddress {
  const texts = notes.map(({name, text}) => [name, text])
  return contentAddress(['sources', texts, ...(bibliography === undefined ? [] : [bibliography.entries])])
}
