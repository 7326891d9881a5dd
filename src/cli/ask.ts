import {createInterface} from 'node:readline/promises'

/** Asks a question on the terminal. Without an answer (end of input) it is `no`; Ctrl-C is `interrupted`. */
export async function askYes(question: string): Promise<'yes' | 'no' | 'interrupted'> {
  const terminal = createInterface({input: process.stdin, output: process.stderr})
  try {
    const interrupted = new Promise<'interrupted'>((resolve) => terminal.once('SIGINT', () => resolve('interrupted')))
    const ended = new Promise<'no'>((resolve) => terminal.once('close', () => resolve('no')))
    const answered = terminal
      .question(`${question} [y/N] `)
      .then((answer) => (/^y(?:es)?$/i.test(answer.trim()) ? 'yes' : 'no'))
    return await Promise.race([answered, interrupted, ended])
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return 'no'
    throw error
  } finally {
    terminal.close()
  }
}

/** Whether there is somebody to ask. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}
