import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {isMainThread} from 'node:worker_threads'

// Loaded with --import into a process whose memory is measured, and into those that it starts: a process itself knows its
// peak to the byte on every system, threads included. One that is killed writes nothing.

const folder = process.env.BENCH_USAGE_FOLDER
if (isMainThread && folder !== undefined) {
  process.on('exit', () => writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(process.resourceUsage())))
}
