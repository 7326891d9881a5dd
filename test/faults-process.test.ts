import {type ChildProcess, spawnSync} from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it as plainIt, vi} from 'vitest'
import {chance} from './support/chance.ts'
import {courseBook, courseIds} from './support/fault-course.ts'
import {FaultProject, type FaultRun, type FaultRunOptions} from './support/fault-project.ts'
import {wellAnswered} from './support/fault-server.ts'
import {fillDisk, useUpFiles} from './support/fill-disk.ts'
import {itWith} from './support/linux-tool.ts'
import {MountSpace} from './support/mount-space.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {filesBelow, readStoredAnswers} from './support/stored-answers.ts'
import {meddle, meddleWith} from './support/syscall-fault.ts'
import {hang, status} from './support/wire-faults.ts'

const it = plainIt.concurrent

// Several builds at a time on a machine that may have other work: a test that hangs still ends.
vi.setConfig({testTimeout: 150_000})

/** All moments instead of a sample of them. */
const isWhole = process.env.FAULTS === 'all'

const opened: FaultProject[] = []
const spaces: MountSpace[] = []

/** A course of four directives that was built in its first edition and waits to be built in its second. */
let built: FaultProject

beforeAll(async () => {
  built = await FaultProject.start(4)
  expect(await built.recover()).toEqual([])
})

afterAll(async () => {
  await Promise.all([built, ...opened].map((project) => project.end()))
  await Promise.all(spaces.map((space) => space.close()))
})

/** A small file system that is gone at the end. */
async function mounted(options: string): Promise<MountSpace> {
  const space = await MountSpace.open(options)
  spaces.push(space)
  return space
}

async function fresh(count: number): Promise<FaultProject> {
  const project = await FaultProject.start(count)
  opened.push(project)
  return project
}

/** A copy of the course that was built, worded anew. */
async function reworded(into?: {readonly root: string; readonly inside: string}): Promise<FaultProject> {
  const project = await built.copy(into)
  opened.push(project)
  project.word('v2')
  return project
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Builds while `onSeen` happens to the process as soon as so many requests have come. */
function buildAnd(
  project: FaultProject,
  seen: number,
  onSeen: (child: ChildProcess) => void | Promise<void>,
  args: readonly string[] = [],
  options: FaultRunOptions = {},
): Promise<FaultRun> {
  return project.build(args, {
    ...options,
    onStart: (child) => {
      void project.server.seen(seen).then(() => onSeen(child))
    },
  })
}

/** A build that holds the lock and waits for its first answer until it is killed. */
async function holding(project: FaultProject): Promise<{kill(): Promise<FaultRun>}> {
  const seen = project.server.exchanges.length
  let holder: ChildProcess | undefined
  project.server.script = () => hang()
  const run = project.build([], {
    onStart: (child) => {
      holder = child
    },
  })
  await project.server.seen(seen + 1)
  return {
    kill() {
      holder?.kill('SIGKILL')
      return run
    },
  }
}

/** What went wrong in a build that was killed and in the one after it. */
async function afterKill(project: FaultProject, run: FaultRun): Promise<string[]> {
  return [...run.broken, ...(await project.recover({inDoubt: project.inDoubt}))]
}

describe.concurrent('a kill', () => {
  const rounds = isWhole ? 100 : 10

  it.each(Array.from({length: rounds}, (_, round) => round))(
    'at a random moment loses nothing and buys nothing twice (%i)',
    async (round) => {
      const project = await fresh(12)
      project.server.latencyMs = ({number}) => 10 + 40 * chance('latency', round, number)
      const run = await buildAnd(
        project,
        1 + Math.floor(12 * chance('request', round)),
        async (child) => {
          await sleep(60 * chance('moment', round))
          child.kill('SIGKILL')
        },
        ['--concurrency', '3'],
      )
      expect(await afterKill(project, run)).toEqual([])
    },
  )

  it('while the outline is read sends nothing', async () => {
    const project = await reworded()
    const run = await project.build([], {
      onStart: (child) => {
        setTimeout(() => child.kill('SIGKILL'), 120)
      },
    })
    expect(await afterKill(project, run)).toEqual([])
  })

  it('with eight requests in flight says in the next build that eight are in doubt', async () => {
    const project = await fresh(8)
    project.server.script = ({number}) => (number === 1 ? wellAnswered() : hang())
    const run = await buildAnd(project, 8, (child) => void child.kill('SIGKILL'), ['--concurrency', '8'])
    expect(run.signal).toBe('SIGKILL')
    expect(project.inDoubt.length).toBeGreaterThanOrEqual(7)
    expect(await afterKill(project, run)).toEqual([])
    // What was in doubt is settled by then.
    const before = project.server.exchanges.length
    expect(await project.recover()).toEqual([])
    expect(project.server.exchanges).toHaveLength(before)
  })

  it('again and again still ends in the book', async () => {
    const project = await fresh(8)
    for (let round = 0; round < 4; round++) {
      const seen = project.server.exchanges.length
      project.server.latencyMs = () => 20
      const run = await buildAnd(project, seen + 2, (child) => void child.kill('SIGKILL'), ['--concurrency', '2'])
      expect(run.broken).toEqual([])
    }
    expect(await project.recover({inDoubt: project.inDoubt})).toEqual([])
  })

  // Of each kind of call that writes, the first, and then every so many up to the last that a build makes.
  const sweeps: readonly (readonly [string, number])[] = [
    ['rename', 2],
    ['fsync', 5],
    ['mkdir', 7],
    ['unlink', 1],
    ['link', 1],
    ['connect', 1],
  ]
  itWith(['strace']).concurrent.each(sweeps)(
    'at each %s leaves the old book or the new one',
    async (call, stride) => {
      await sweep(isWhole ? 1 : stride, async (when) => {
        const project = await reworded()
        const run = await project.build(['--concurrency', '2'], {wrap: meddle(call, 'signal=KILL', String(when))})
        return {project, run}
      })
    },
    isWhole ? 1_800_000 : 300_000,
  )

  // Most calls of these kinds come before the first request, when code is loaded: counted from the first request on.
  itWith(['strace']).concurrent.each([
    ['write', 12],
    ['openat', 9],
  ] as const)(
    'at each %s after the first request leaves the old book or the new one',
    async (call, stride) => {
      await sweep(isWhole ? 1 : stride, async (when) => {
        const project = await reworded()
        let isWatched = (): void => undefined
        const watched = new Promise<void>((resolve) => {
          isWatched = resolve
        })
        project.server.script = () => async (exchange) => {
          await watched
          await wellAnswered()(exchange)
        }
        const run = await buildAnd(
          project,
          1,
          async (child) => {
            await meddleWith(child, call, 'signal=KILL', String(when))
            isWatched()
          },
          ['--concurrency', '2'],
          {env: {UV_THREADPOOL_SIZE: '1'}},
        )
        return {project, run}
      })
    },
    isWhole ? 1_800_000 : 300_000,
  )

  /** Kills at the first, then each `stride`th call, until a build ends by itself; every round is held to all promises. */
  async function sweep(
    stride: number,
    attempt: (when: number) => Promise<{project: FaultProject; run: FaultRun}>,
  ): Promise<void> {
    const broken: string[] = []
    let kills = 0
    for (let when = 1; when < 2000; when += stride) {
      const {project, run} = await attempt(when)
      for (const line of await afterKill(project, run)) broken.push(`at ${when}: ${line}`)
      await project.end()
      if (run.signal !== 'SIGKILL') {
        if (run.code !== 0) broken.push(`at ${when}: exit ${run.code}: ${run.stderr}`)
        break
      }
      kills++
    }
    expect(broken).toEqual([])
    expect(kills).toBeGreaterThan(0)
  }
})

describe.concurrent('a disk that fails', () => {
  itWith(['strace']).concurrent.each([
    ['fsync', 'EIO', '1'],
    ['fsync', 'EIO', '9'],
    ['fsync', 'EIO', '12+'],
    ['rename', 'EIO', '2'],
    ['rename', 'EBUSY', '4+'],
    ['mkdir', 'EACCES', '6+'],
  ] as const)('with %s %s at call %s ends the build clearly and loses nothing', async (call, error, when) => {
    const project = await reworded()
    const run = await project.build(['--concurrency', '2'], {wrap: meddle(call, `error=${error}`, when)})
    expect(run.broken).toEqual([])
    // A fault that passes is got over by writing once more.
    if (run.code !== 0) {
      expect(`${run.code} ${run.stderr}`).toMatch(/^[12] /)
      expect(run.stderr + run.stdout).toContain(error)
    } else expect(when.endsWith('+')).toBe(false)
    expect(await project.recover()).toEqual([])
  })

  itWith(['strace']).concurrent.each(['EDQUOT', 'ENOSPC', 'EIO'])(
    'with %s when it appends to a list ends the build clearly and loses nothing',
    async (error) => {
      const model = await reworded()
      expect(await model.recover()).toEqual([])
      const lists = filesBelow(join(model.root, '.msk-course/store/requests'), '.jsonl')
      const project = await reworded()
      const paths = lists.map((path) => path.replace(model.root, project.root))
      const run = await project.build([], {wrap: meddle('write', `error=${error}`, '1+', paths)})
      expect(run.broken).toEqual([])
      expect(`${run.code} ${run.stderr}`).toMatch(/^[12] /)
      expect(run.stderr + run.stdout).toContain(error)
      expect(await project.recover()).toEqual([])
    },
  )

  itWith(['strace']).concurrent('that is slow slows the build and breaks nothing', async () => {
    const project = await reworded()
    const run = await project.build([], {wrap: meddle('fsync,rename', 'delay_enter=40000', '1+')})
    expect(run.broken).toEqual([])
    expect(run.code).toBe(0)
    expect(project.book).toBe(courseBook(4, 'v2'))
  })

  itWith(['mounts']).concurrent.each(
    isWhole ? Array.from({length: 48}, (_, pages) => pages) : [0, 1, 2, 4, 6, 8, 9, 10, 12, 18],
  )('with %i pages left keeps the old book and every stored answer, and goes on when there is room', async (pages) => {
    const space = await mounted('size=512k')
    const project = await reworded(space)
    const makeRoom = fillDisk(space.root, pages)
    const run = await project.build(['--concurrency', '2'], {wrap: space.enter})
    const seen = project.server.exchanges.length
    const stored = [...readStoredAnswers(project.root).kept].filter((answer) => answer.endsWith('v2')).length
    expect(run.broken).toEqual([])
    if (run.code !== 0) {
      expect(`${run.code} ${run.stderr}`).toMatch(/^[12] /)
      expect(run.stderr + run.stdout).toMatch(/ENOSPC|full|space/)
    }
    if (pages === 0) expect(`${run.code} ${seen}`).toBe('2 0')
    // It stops at once: what was paid for and could not be kept was in flight already.
    expect(seen - stored).toBeLessThanOrEqual(2)
    makeRoom()
    expect(await project.recover({wrap: space.enter})).toEqual([])
  })

  itWith(['mounts']).concurrent.each([0, 1, 3, 8])(
    'with room for %i more files keeps the old book and goes on when there is room',
    async (free) => {
      const space = await mounted('size=4m,nr_inodes=150')
      const project = await reworded(space)
      const makeRoom = useUpFiles(space.root, free)
      const run = await project.build(['--concurrency', '2'], {wrap: space.enter})
      expect(run.broken).toEqual([])
      expect(`${run.code} ${run.stderr}`).toMatch(/^[12] /)
      expect(run.stderr + run.stdout).toMatch(/ENOSPC|full|space/)
      if (free === 0) expect(project.server.exchanges).toEqual([])
      makeRoom()
      expect(await project.recover({wrap: space.enter})).toEqual([])
    },
  )

  itWith(['mounts']).concurrent('that may not be written ends the build before it sends anything', async () => {
    const space = await mounted('size=2m')
    const project = await reworded(space)
    space.remount('ro')
    const run = await project.build([], {wrap: space.enter})
    expect(run.broken).toEqual([])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/EROFS|read-only/)
    expect(project.server.exchanges).toEqual([])
    space.remount('rw')
    expect(await project.recover({wrap: space.enter})).toEqual([])
  })

  itWith(['setpriv']).concurrent.each(['output/course', '.msk-course', '.msk-course/store'])(
    'on which the user may not write to %s ends the build before it sends anything',
    async (folder) => {
      const project = await reworded()
      const path = join(project.root, folder)
      const folders = [
        path,
        ...readdirSync(path, {recursive: true, withFileTypes: true})
          .filter((entry) => entry.isDirectory())
          .map((entry) => join(entry.parentPath, entry.name)),
      ]
      for (const each of folders) chmodSync(each, 0o555)
      // Root may write anywhere, but without this capability it may not.
      const wrap = process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override'] : ['env']
      const run = await project.build([], {wrap})
      for (const each of folders) chmodSync(each, 0o755)
      expect(run.broken).toEqual([])
      expect(`${run.code} ${run.stderr}`).toMatch(/^[12] /)
      expect(run.stderr + run.stdout).toMatch(/EACCES|permission/)
      expect(project.server.exchanges.map(({id}) => id)).toEqual([])
      expect(await project.recover()).toEqual([])
    },
  )
})

describe.concurrent('several builds of one book at once', () => {
  it.each([2, 6])('%i: one works, the others end at once and say who holds it', async (number) => {
    const project = await fresh(6)
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    project.server.script = () => async (exchange) => {
      await held
      await wellAnswered()(exchange)
    }
    let ended = 0
    const runs = await Promise.all(
      Array.from({length: number}, async () => {
        const run = await project.build(['--concurrency', '6'])
        // The one that works waits for its answers until all others are gone.
        if (++ended === number - 1) release()
        return run
      }),
    )
    for (const run of runs) expect(run.broken).toEqual([])
    expect(runs.map(({code}) => code).sort()).toEqual([0, ...Array.from({length: number - 1}, () => 2)])
    for (const {code, stderr} of runs) if (code === 2) expect(stderr).toMatch(/process \d+ on \S+, since .*holds it/)
    for (const id of courseIds(6)) expect(project.server.of(id)).toHaveLength(1)
    expect(project.book).toBe(courseBook(6, 'v1'))
  })

  it('wait for each other with --wait, and each prompt is asked for once', async () => {
    const project = await fresh(6)
    project.server.latencyMs = () => 100
    const runs = await Promise.all([1, 2, 3].map(() => project.build(['--wait', '--concurrency', '2'])))
    for (const run of runs) expect(run.broken).toEqual([])
    expect(runs.map(({code}) => code)).toEqual([0, 0, 0])
    for (const id of courseIds(6)) expect(project.server.of(id)).toHaveLength(1)
  })

  it('end one by one when they wait and are interrupted', async () => {
    const project = await fresh(4)
    const first = await holding(project)
    const second = await project.build(['--wait'], {
      onStart: (child) => {
        // Each time it tries, it makes a file that bears its number.
        const watcher = watch(join(project.root, 'output/course'), (_, name) => {
          if (name?.includes(`.${child.pid}.`) !== true) return
          watcher.close()
          child.kill('SIGINT')
        })
        child.on('close', () => watcher.close())
      },
    })
    expect(second.broken).toEqual([])
    expect(second.code).toBe(130)
    expect(second.elapsedMs).toBeLessThan(40_000)
    expect((await first.kill()).signal).toBe('SIGKILL')
    expect(await project.recover()).toEqual([])
  })

  it('take over from a process that is gone although another has its number now', async () => {
    const project = await reworded()
    const holder = {pid: process.pid, host: hostname(), started: '1', boot: bootId(), since: 'then', command: 'build'}
    writeFileSync(join(project.root, 'output/course/.lock'), `${JSON.stringify(holder)}\n`)
    // Only Linux tells when a process started.
    if (process.platform === 'linux') expect(await project.recover()).toEqual([])
  })

  it('never take over from one that does not move', async () => {
    const project = await fresh(4)
    let stopped: ChildProcess | undefined
    project.server.script = () => hang()
    const first = buildAnd(project, 1, (child) => {
      stopped = child
      child.kill('SIGSTOP')
    })
    await project.server.seen(1)
    const second = await project.build()
    expect(second.broken).toEqual([])
    expect(`${second.code} ${second.stderr}`).toMatch(/^2 [^]*holds it/)
    project.server.script = () => wellAnswered()
    stopped?.kill('SIGKILL')
    expect((await first).signal).toBe('SIGKILL')
    expect(await project.recover()).toEqual([])
  })

  it('never take over from another machine', async () => {
    const project = await reworded()
    const lock = join(project.root, 'output/course/.lock')
    const holder = {pid: 1, host: 'another-machine', started: '1', boot: 'b', since: 'then', command: 'build'}
    writeFileSync(lock, `${JSON.stringify(holder)}\n`)
    const run = await project.build()
    expect(run.broken).toEqual([])
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('if it does not, remove the file')
    expect(project.server.exchanges).toEqual([])
    rmSync(lock)
    expect(await project.recover()).toEqual([])
  })

  function bootId(): string {
    const path = '/proc/sys/kernel/random/boot_id'
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
  }
})

describe.concurrent('few file descriptors', () => {
  // Loading code opens many files at once, so the limit falls with the first request.
  function limitTo(most: number): (child: ChildProcess) => void {
    return (child) => {
      expect(spawnSync('prlimit', ['--pid', String(child.pid), `--nofile=${most}:${most}`]).status).toBe(0)
    }
  }

  itWith(['prlimit']).concurrent('are enough for many directives', async () => {
    const project = await fresh(300)
    const run = await buildAnd(project, 1, limitTo(64), ['--concurrency', '12'])
    expect(run.broken).toEqual([])
    expect(`${run.code} ${run.stderr}`).toMatch(/^0 /)
    expect(project.server.exchanges).toHaveLength(300)
    expect(project.book).toBe(courseBook(300, 'v1'))
  })

  itWith(['prlimit']).concurrent('such as 30 end the build clearly at worst and lose nothing', async () => {
    const project = await fresh(40)
    project.server.latencyMs = () => 50
    const run = await buildAnd(project, 1, limitTo(30), ['--concurrency', '24'])
    expect(run.broken).toEqual([])
    expect(run.signal).toBeNull()
    if (run.code !== 0) expect(`${run.code} ${run.stderr} ${run.stdout}`).toMatch(/^[12] [^]*EMFILE/)
    expect(await project.recover()).toEqual([])
  })

  itWith(['prlimit', 'strace']).concurrent('are enough on a slow disk, where files stay open longer', async () => {
    const project = await fresh(24)
    const slow = meddle('fsync,fdatasync', 'delay_enter=20000', '1+')
    const run = await project.build([], {wrap: [...slow, 'prlimit', '--nofile=40']})
    expect(run.broken).toEqual([])
    expect(`${run.code} ${run.stderr}`).toMatch(/^0 /)
    expect(project.book).toBe(courseBook(24, 'v1'))
  })

  itWith(['prlimit']).concurrent('from the start end the build clearly at worst', async () => {
    const project = await fresh(4)
    const run = await project.build([], {wrap: ['prlimit', '--nofile=40']})
    expect(run.broken).toEqual([])
    if (run.code !== 0) {
      expect(`${run.code} ${run.stderr} ${run.stdout}`).toMatch(/^2 [^]*EMFILE/)
      expect(project.server.exchanges).toEqual([])
    }
    expect(await project.recover()).toEqual([])
  })
})

describe.concurrent('a clock that jumps', () => {
  itWith(['faketime']).concurrent.each(['+60s', '-1d', '-20000d', '+400d'])(
    'by %s between two builds makes nothing stale and frees no lock',
    async (offset) => {
      const project = await reworded()
      expect(await project.recover()).toEqual([])
      const seen = project.server.exchanges.length
      const shifted = {wrap: ['faketime', '-f', offset]}
      const again = await project.build([], shifted)
      expect(again.broken).toEqual([])
      expect(again.code).toBe(0)
      expect(project.server.exchanges).toHaveLength(seen)
      project.word('v3')
      const first = await holding(project)
      const second = await project.build([], shifted)
      expect(second.broken).toEqual([])
      expect(second.code).toBe(2)
      expect(second.stderr).toContain('holds it')
      expect((await first.kill()).signal).toBe('SIGKILL')
      expect(await project.recover(shifted)).toEqual([])
      expect(await project.recover()).toEqual([])
    },
  )

  itWith(['faketime']).concurrent.each(['-1d', '+400d'])('by %s within a build disturbs nothing', async (offset) => {
    const project = await fresh(12)
    project.server.latencyMs = () => 40
    project.server.script = ({number}) => (number === 4 ? status(429, {'retry-after-ms': '300'}) : wellAnswered())
    const clock = join(project.root, 'clock')
    writeFileSync(clock, '+0')
    const library = spawnSync('faketime', ['-f', '+0', 'sh', '-c', 'echo $LD_PRELOAD'], {
      encoding: 'utf8',
    }).stdout.trim()
    const run = await buildAnd(
      project,
      3,
      () => writeFileSync(clock, offset),
      ['--concurrency', '2', '--timeout', '5'],
      {
        // The clock that only goes forward is the machine's own and does not jump.
        env: {
          LD_PRELOAD: library,
          FAKETIME_TIMESTAMP_FILE: clock,
          FAKETIME_NO_CACHE: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
          DONT_FAKE_MONOTONIC: '1',
        },
      },
    )
    expect(run.broken).toEqual([])
    expect(`${run.code} ${run.stderr}`).toMatch(/^0 /)
    expect(run.document?.requests).toEqual({sent: 13, retried: 1, rateLimited: 1})
    expect(run.elapsedMs).toBeLessThan(40_000)
    // The jump was seen: texts bear times that are far apart.
    const years = new Set(
      filesBelow(join(project.root, 'output/course/sections'), '.md').map(
        (path) => /generated: "?(\d+-\d+-\d+)/.exec(readFileSync(path, 'utf8'))?.[1],
      ),
    )
    expect(years.size).toBeGreaterThan(1)
    expect(await project.recover()).toEqual([])
  })
})

describe.concurrent('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s once starts nothing more and keeps what arrives', async (signal, code) => {
    const project = await fresh(8)
    project.server.latencyMs = () => 500
    const run = await buildAnd(project, 2, (child) => void child.kill(signal), ['--concurrency', '2'])
    expect(run.broken).toEqual([])
    expect(run.code).toBe(code)
    // A request may have left in the moment of the signal.
    expect(project.server.exchanges.length).toBeLessThanOrEqual(4)
    expect(readStoredAnswers(project.root).kept.size).toBe(project.server.exchanges.length)
    expect(run.stderr).toMatch(/stopping/)
    expect(await project.recover()).toEqual([])
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s twice ends at once, and the next build says what is in doubt', async (signal, code) => {
    const project = await fresh(6)
    project.server.script = ({number}) => (number <= 2 ? wellAnswered() : hang())
    const run = await buildAnd(
      project,
      4,
      async (child) => {
        child.kill(signal)
        await sleep(200)
        child.kill(signal)
      },
      ['--concurrency', '2'],
    )
    expect(run.broken).toEqual([])
    expect(run.code).toBe(code)
    expect(run.elapsedMs).toBeLessThan(40_000)
    expect(project.inDoubt).toHaveLength(2)
    expect(await project.recover({inDoubt: project.inDoubt})).toEqual([])
  })

  it('SIGTERM once ends by itself before whoever sent it would kill, and says what is in doubt', async () => {
    const project = await fresh(6)
    project.server.script = ({number}) => (number <= 2 ? wellAnswered() : hang())
    let sentMs = 0
    const run = await buildAnd(
      project,
      4,
      (child) => {
        sentMs = performance.now()
        child.kill('SIGTERM')
      },
      ['--concurrency', '2'],
    )
    expect(run.broken).toEqual([])
    expect(run.code).toBe(143)
    // Eight seconds, and what a loaded machine adds.
    expect(performance.now() - sentMs).toBeGreaterThan(7_500)
    expect(performance.now() - sentMs).toBeLessThan(40_000)
    expect(project.inDoubt).toHaveLength(2)
    expect(await project.recover({inDoubt: project.inDoubt})).toEqual([])
  })

  it('three times, one after the other, tears nothing', async () => {
    const project = await reworded()
    project.server.latencyMs = () => 100
    const run = await buildAnd(
      project,
      2,
      async (child) => {
        for (let time = 0; time < 3; time++) {
          child.kill('SIGINT')
          await sleep(30)
        }
      },
      ['--concurrency', '2'],
    )
    expect(run.broken).toEqual([])
    expect(await project.recover({inDoubt: project.inDoubt})).toEqual([])
  })

  it('SIGHUP loses nothing', async () => {
    const project = await fresh(6)
    project.server.latencyMs = () => 100
    const run = await buildAnd(project, 3, (child) => void child.kill('SIGHUP'), ['--concurrency', '2'])
    expect(run.broken).toEqual([])
    expect(run.code).toBe(129)
    expect(await project.recover({inDoubt: project.inDoubt})).toEqual([])
  })

  it('to sleep, and one to wake up, disturb nothing', async () => {
    const project = await fresh(8)
    project.server.latencyMs = () => 60
    const run = await buildAnd(
      project,
      3,
      async (child) => {
        child.kill('SIGSTOP')
        await sleep(1500)
        child.kill('SIGCONT')
      },
      ['--concurrency', '2', '--timeout', '20'],
    )
    expect(run.broken).toEqual([])
    expect(run.code).toBe(0)
    expect(project.server.exchanges).toHaveLength(8)
    expect(project.book).toBe(courseBook(8, 'v1'))
  })

  it('to sleep for longer than the time limit ends in the book all the same', async () => {
    const project = await fresh(6)
    project.server.script = ({number}) => (number === 2 ? hang() : wellAnswered())
    const run = await buildAnd(
      project,
      2,
      async (child) => {
        child.kill('SIGSTOP')
        await sleep(2000)
        child.kill('SIGCONT')
      },
      ['--concurrency', '1', '--timeout', '1'],
    )
    expect(run.broken).toEqual([])
    expect(run.code).toBe(0)
    expect(project.book).toBe(courseBook(6, 'v1'))
  })
})

describe.concurrent('surroundings', () => {
  it.each([
    ['both', ['stdout', 'stderr']],
    ['stdout', ['stdout']],
    ['stderr', ['stderr']],
  ] as const)('whose reader of %s goes away half-way do not stop the build', async (_, streams) => {
    const project = await fresh(6)
    project.server.latencyMs = () => 30
    const run = await buildAnd(
      project,
      2,
      (child) => {
        for (const stream of streams) child[stream]?.destroy()
      },
      ['--concurrency', '2'],
    )
    expect(run.broken).toEqual([])
    expect(run.code).toBe(0)
    expect(project.book).toBe(courseBook(6, 'v1'))
  })

  it('with `| head -1` do not stop the build', async () => {
    const project = await fresh(6)
    const run = await project.build([], {wrap: ['sh', '-c', '"$@" 2>&1 | head -1 >/dev/null', 'sh']})
    expect(run.broken).toEqual([])
    expect(run.code).toBe(0)
    expect(project.book).toBe(courseBook(6, 'v1'))
  })

  it.each(['>&-', '2>&-', '>&- 2>&-', '<&-'])('with closed streams (%s) do not stop the build', async (closed) => {
    const project = await fresh(4)
    const run = await project.build([], {wrap: ['sh', '-c', `exec "$@" ${closed}`, 'sh']})
    expect(run.broken).toEqual([])
    expect(run.code).toBe(0)
    expect(project.book).toBe(courseBook(4, 'v1'))
  })

  it.each([
    ['no environment at all', ['env', '-i']],
    ['a dumb terminal', ['env', '-u', 'NO_COLOR', 'TERM=dumb', 'LANG=C', 'LC_ALL=C']],
    ['a home that is not there', ['env', 'HOME=/nowhere/at/all']],
    ['no folder for temporary files', ['env', 'TMPDIR=/nowhere/at/all']],
    ['another language and place', ['env', 'LANG=tr_TR.UTF-8', 'LC_ALL=tr_TR.UTF-8', 'TZ=Pacific/Kiritimati']],
  ] as const)('with %s give the same book', async (_, wrap) => {
    const project = await fresh(4)
    const run = await project.build([], {wrap})
    expect(run.broken).toEqual([])
    expect(run.code).toBe(0)
    expect(run.stderr + run.stdout).not.toContain('\u001b')
    expect(project.book).toBe(courseBook(4, 'v1'))
  })

  it.each([
    ['a working folder that is gone', ['sh', '-c', 'cd "$(mktemp -d)" && rmdir "$PWD" && exec "$@"', 'sh'], []],
    ['a file in the place of the book’s folder', [], ['--out', 'course.md']],
    ['a folder in the place of the book', [], ['--out', 'odd-book']],
    ['a folder in the place of the manifest', [], ['--out', 'odd-manifest']],
  ])('with %s end the build before anything is sent', async (_, wrap, args) => {
    const project = await fresh(4)
    mkdirSync(join(project.root, 'odd-book', 'book.md'), {recursive: true})
    mkdirSync(join(project.root, 'odd-manifest', 'manifest.json'), {recursive: true})
    const run = await project.build(args, wrap.length === 0 ? {} : {wrap})
    expect(run.broken).toEqual([])
    expect(`${run.code} ${run.stderr}`).toMatch(/^2 error: (?:Cannot|Unexpected) [^]*expected/)
    expect(project.server.exchanges).toEqual([])
  })

  it('in which others read while it works show them whole files', async () => {
    const project = await reworded()
    project.server.latencyMs = () => 150
    const reads: Promise<CliResult>[] = []
    const run = await buildAnd(
      project,
      1,
      async () => {
        for (let at = 0; at < 4; at++) {
          reads.push(
            runCli(['--cwd', project.root, '--json', 'list', 'course.md', '--out', 'output/course'], {
              cwd: project.root,
            }),
          )
          await sleep(60)
        }
      },
      ['--concurrency', '1'],
    )
    expect(run.broken).toEqual([])
    for (const {code, stdout, stderr} of await Promise.all(reads)) {
      expect(`${code} ${stderr}`).toMatch(/^0 /)
      const rows = JSON.parse(stdout) as {id: string; state: string}[]
      expect(rows.map(({id}) => id)).toEqual(courseIds(4))
      for (const {state} of rows) expect(['stale', 'fresh']).toContain(state)
    }
  })

  it('that turn every file of the state into garbage cost no text that is in the book', async () => {
    const project = await reworded()
    expect(await project.recover()).toEqual([])
    const seen = project.server.exchanges.length
    for (const path of filesBelow(join(project.root, '.msk-course'), ''))
      writeFileSync(path, '\u0000garbage\n'.repeat(9))
    const run = await project.build()
    // Garbage lies where it was put, and all else holds.
    expect(run.broken.filter((line) => !line.includes('/.msk-course/store/'))).toEqual([])
    expect(`${run.code} ${run.stderr}`).toMatch(/^0 /)
    expect(project.server.exchanges).toHaveLength(seen)
    expect(project.book).toBe(courseBook(4, 'v2'))
  })

  it('that remove the folder of state half-way cost no text that is in the book', async () => {
    const project = await fresh(8)
    project.server.latencyMs = () => 60
    // In one step: a build that still writes would fill a folder that is being emptied.
    const gone = `${project.root}.gone`
    const remove = (): void => renameSync(join(project.root, '.msk-course'), gone)
    const run = await buildAnd(project, 5, remove, ['--concurrency', '2'])
    rmSync(gone, {recursive: true, force: true})
    // What was removed is gone, all else holds.
    expect(run.broken.filter((line) => !/^kept: .* is gone from the store$/.test(line))).toEqual([])
    expect([0, 1]).toContain(run.code)
    const written = filesBelow(join(project.root, 'output/course/sections'), '.md').length
    const seen = project.server.exchanges.length
    expect(await project.recover({})).toEqual([])
    expect(project.server.exchanges.length - seen).toBeLessThanOrEqual(8 - written)
  })

  it('that reword the outline half-way give the book of one wording, and then of the other', async () => {
    const project = await reworded()
    project.server.latencyMs = () => 150
    const run = await buildAnd(project, 2, () => project.word('v3'), ['--concurrency', '2'])
    expect(run.broken).toEqual([])
    expect([0, 1]).toContain(run.code)
    // It holds to the wording that it read.
    expect(new Set(project.server.exchanges.map(({edition}) => edition))).toEqual(new Set(['v2']))
    expect(await project.recover()).toEqual([])
    expect(project.book).toBe(courseBook(4, 'v3'))
    expect(project.server.exchanges).toHaveLength(8)
  })
})
