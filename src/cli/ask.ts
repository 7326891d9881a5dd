import {createInterface} from 'node:readline/promises'

/** What may be spent: all of it, a sample first, or nothing; Ctrl-C is `interrupted`. */
export type HowMuch = 'yes' | 'sample' | 'no' | 'interrupted'

/** Asks a question on the terminal. Without an answer (end of input) it is `no`; Ctrl-C is `interrupted`. */
export async function askYes(question: string): Promise<'yes' | 'no' | 'interrupted'> {
  const answer = await ask(`${question} [y/N] `)
  return answer === undefined ? 'interrupted' : /^y(?:es)?$/i.test(answer) ? 'yes' : 'no'
}

/** Asks whether to spend on everything, on a sample first where one is offered, or to stop. */
export async function askHowMuch(question: string, offersSample: boolean): Promise<HowMuch> {
  if (!offersSample) return askYes(question)
  const answer = await ask(`${question} [y] all, [s] a sample first, [N] stop `)
  if (answer === undefined) return 'interrupted'
  return /^(?:y(?:es)?|a(?:ll)?)$/i.test(answer) ? 'yes' : /^s(?:ample)?$/i.test(answer) ? 'sample' : 'no'
}

/** The answer without white space around it, empty at the end of input; undefined for Ctrl-C. */
async function ask(question: string): Promise<string | undefined> {
  const terminal = createInterface({input: process.stdin, output: process.stderr})
  try {
    const interrupted = new Promise<undefined>((resolve) => terminal.once('SIGINT', () => resolve(undefined)))
    const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
    return await Promise.race([terminal.question(question).then((answer) => answer.trim()), interrupted, ended])
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return ''
    throw error
  } finally {
    terminal.close()
  }
}

/** Whether there is somebody to ask. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}
