import {parentPort} from 'node:worker_threads'
import {doFileTask, type FileReply, type FileTask} from './file-thread.ts'

// The entrance of the thread that writes files: takes tasks, answers each by its number. Files that somebody waits for go
// before texts that a journal has: a book is put together when its sections are written.
const writes: FileTask[] = []
const keeps: FileTask[] = []
let isRunning = false

parentPort?.on('message', (task: FileTask) => {
  ;(task.type === 'write' ? writes : keeps).push(task)
  if (isRunning) return
  isRunning = true
  next()
})

/** Does a task, and the next one when what came meanwhile is taken in. */
function next(): void {
  const task = writes.shift() ?? keeps.shift()
  if (task === undefined) {
    isRunning = false
    return
  }
  const reply = (message: FileReply): void => parentPort?.postMessage(message)
  doFileTask(task).then(
    () => reply({number: task.number}),
    (error: unknown) => reply({number: task.number, fault: describe(error)}),
  )
  setImmediate(next)
}

/** An error as it can be handed to another thread, which would lose its code. */
function describe(error: unknown): NonNullable<FileReply['fault']> {
  if (!(error instanceof Error)) return {message: String(error), facts: {}}
  const {code, errno, syscall, path} = error as NodeJS.ErrnoException
  return {message: error.message, facts: {code, errno, syscall, path}}
}
