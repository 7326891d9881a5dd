import {exitCode} from './exit-codes.ts'

/** A closed pipe is no fault of the program: the reader has what it wanted. */
export function tolerateClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'EIO') return
    process.exitCode = exitCode.usage
    if (stream === process.stdout) process.stderr.write(`error: Cannot write to standard output: ${error.code}\n`)
  })
}
