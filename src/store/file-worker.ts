import {parentPort} from 'node:worker_threads'
import {doFileTask, type FileReply, type FileTask} from './file-thread.ts'

// The entrance of the thread that writes files: takes tasks, answers each by its number.
parentPort?.on('message', (task: FileTask) => {
  const reply = (message: FileReply): void => parentPort?.postMessage(message)
  doFileTask(task).then(
    () => reply({number: task.number}),
    (error: unknown) => reply({number: task.number, fault: describe(error)}),
  )
})

/** An error as it can be handed to another thread, which would lose its code. */
function describe(error: unknown): NonNullable<FileReply['fault']> {
  if (!(error instanceof Error)) return {message: String(error), facts: {}}
  const {code, errno, syscall, path} = error as NodeJS.ErrnoException
  return {message: error.message, facts: {code, errno, syscall, path}}
}
