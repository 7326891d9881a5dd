import {writeFileSync} from 'node:fs'
import {isMainThread} from 'node:worker_threads'

// Loaded with --import into a process whose memory is measured: the process itself knows its peak to the byte on every
// system, threads included. A process that is killed writes nothing.

const path = process.env.BENCH_USAGE_FILE
if (isMainThread && path !== undefined) {
  process.on('exit', () => writeFileSync(path, JSON.stringify(process.resourceUsage())))
}
