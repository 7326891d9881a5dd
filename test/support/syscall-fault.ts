import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'

/**
 * Words that run a command and meddle with its Nth system call of a kind in whichever thread makes it: `signal=KILL`,
 * `error=EIO`, `delay_enter=50000` (microseconds). One thread does all file work, so that N means the same each time.
 */
export function meddle(call: string, what: string, when: string, paths: readonly string[] = []): string[] {
  return [
    ...['env', 'UV_THREADPOOL_SIZE=1', 'strace', '-f', '-qq', '-o', '/dev/null'],
    ...paths.flatMap((path) => ['-P', path]),
    ...['-e', `trace=${call}`, '-e', `inject=${call}:${what}:when=${when}`],
  ]
}

/** Meddles with a process that runs already, from now on; resolves when it is watched. */
export async function meddleWith(child: ChildProcess, call: string, what: string, when: string): Promise<ChildProcess> {
  const strace = spawn(
    'strace',
    ['-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:${what}:when=${when}`, '-p', `${child.pid}`],
    {stdio: ['ignore', 'ignore', 'pipe']},
  )
  await once(strace.stderr as NodeJS.ReadableStream, 'data')
  return strace
}
