import type {Request} from '../model/request.ts'
import type {ContractFailure} from './contract.ts'

/** A completion with what its text does not hold. */
export interface TriedCompletion {
  /** The raw completion. */
  readonly text: string
  readonly failures: readonly ContractFailure[]
}

/** The request that asks for a better text: the planned one, then each completion so far with what it misses. */
export function repairRequest(request: Request, tried: readonly TriedCompletion[]): Request {
  const turns = tried.flatMap(({text, failures}) => [
    {role: 'assistant' as const, content: text},
    {role: 'user' as const, content: complaint(failures)},
  ])
  return {...request, messages: [...request.messages, ...turns]}
}

function complaint(failures: readonly ContractFailure[]): string {
  const points = failures.filter(({severity}) => severity !== 'info').map(({message}) => `- ${message}`)
  return [
    'The text does not hold what was asked for:',
    points.join('\n'),
    'Write the whole text again: mend these points and keep everything else as it is. Give the text alone, without remarks on it.',
  ].join('\n\n')
}
