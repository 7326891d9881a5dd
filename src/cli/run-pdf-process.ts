import {fork} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import type {PdfResult} from '../export/make-pdf.ts'
import type {PdfTask} from './pdf-process.ts'

/** Makes a PDF in a process of its own, which is ended after `seconds`. Fails with the last words of a process that gave none. */
export async function runPdfProcess(task: PdfTask, seconds: number): Promise<PdfResult> {
  // Not a literal, which a bundler would take for a file of its own making.
  const name = 'pdf-process'
  const child = fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-2000)
  })
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, seconds * 1000)
  try {
    return await new Promise<PdfResult>((resolve, reject) => {
      child.once('message', (result) => resolve(result as PdfResult))
      child.once('error', reject)
      child.once('close', (code, signal) => {
        const why = isLate ? `it took more than ${seconds} seconds` : lastWords(said, code, signal)
        reject(new Error(`Cannot typeset the book: ${why}`))
      })
      child.send(task)
    })
  } finally {
    clearTimeout(timer)
  }
}

function lastWords(said: string, code: number | null, signal: string | null): string {
  const error = /^(?:\w*Error: .*|thread .*panicked.*)$/m.exec(said)?.[0]?.replace(/^Error: /, '')
  return error ?? `the process ended with ${signal ?? `code ${code}`}`
}
