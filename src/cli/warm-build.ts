import {statSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {type BuildStamp, readStamp} from '../store/build-stamp.ts'
import {duration} from './duration.ts'
import {findBooks, findConfig, outlineTarget, type ProjectBooks, refuseTrackedState} from './project.ts'
import {Reporter} from './reporter.ts'
import {type FoundBooks, fileInputs, programAddress, rootOf, stampInputs} from './stamp-inputs.ts'
import {readWarmCommand, stampName, type WarmCommand} from './warm-command.ts'

/** Time that is put into what a stamp says, where the time of the run that replays it goes; no build takes so long. */
export const stampedMs = 1e12

/**
 * Does a `build` that has nothing to do by its stamp alone: prints what the last one said when all that it read and
 * wrote is unchanged to the byte. Gives whether it did; else nothing was printed and the build goes its usual way.
 * Loads neither the parser of commands nor one of Markdown, YAML or schemas.
 */
export async function tryWarmBuild(argv: readonly string[]): Promise<boolean> {
  const startMs = performance.now()
  const command = readWarmCommand(argv, process.env)
  if (command === undefined) return false
  let stamp: BuildStamp | undefined
  try {
    stamp = await findValidStamp(command)
  } catch {
    // A folder that is gone, a file that cannot be read: the usual way meets it too, and tells it.
    return false
  }
  if (stamp === undefined) return false
  replay(stamp, command, Math.round(performance.now() - startMs))
  return true
}

async function findValidStamp(command: WarmCommand): Promise<BuildStamp | undefined> {
  const {outlines, cwd} = command
  const name = stampName(command, process.env, new Reporter(command).hasColor)
  if (name === undefined || !statSync(cwd).isDirectory()) return undefined
  const configPath = await findConfig(command, outlines[0] === undefined ? undefined : resolve(cwd, outlines[0]))
  const root = configPath === undefined ? undefined : resolve(configPath, '..')
  const find = async (stamp: BuildStamp | undefined): Promise<FoundBooks> => {
    const {patterns = null, companions = null} = stamp ?? {}
    const config = {
      ...(patterns === null ? {} : {outlines: [...patterns]}),
      ...(companions === null ? {} : {companions: companions as NonNullable<ProjectBooks['companions']>}),
    }
    const {out} = command.flags
    return {
      configPath,
      targets: await findBooks(outlines, {root, config}, {cwd, ...(typeof out === 'string' ? {out} : {})}),
    }
  }
  // Without a config the first book's own folder holds the stamp; with one, the stamp knows the config's patterns.
  const known = configPath === undefined ? await find(undefined) : {configPath, targets: []}
  const stamp = readStamp(stampPath(rootOf(known), name))
  if (stamp === undefined || stamp.program !== programAddress()) return undefined
  const found = {
    ...(configPath === undefined ? known : await find(stamp)),
    reads: stamp.reads.map(([name, path]) => outlineTarget(path, root ?? cwd, root, undefined, name)),
  }
  for (const {root} of found.targets) refuseTrackedState(root, cwd)
  return isUnchanged(stamp, found) ? stamp : undefined
}

/** Where the stamp of that name is. */
export function stampPath(root: string, name: string): string {
  return join(root, '.msk-course', 'stamp', `${name.slice(0, 32)}.json`)
}

function isUnchanged(stamp: BuildStamp, found: FoundBooks): boolean {
  const inputs = [...stampInputs(found), ...fileInputs(stamp.files)]
  return (
    inputs.length === Object.keys(stamp.digests).length &&
    inputs.every(({name, digest}) => digest({hasTimes: false}).content === stamp.digests[name])
  )
}

function replay(stamp: BuildStamp, command: WarmCommand, elapsedMs: number): void {
  const reporter = new Reporter(command)
  process.exitCode = stamp.exitCode
  if (command.json) {
    reporter.json({...stamp.report, elapsedMs})
    return
  }
  const stamped = duration(stampedMs / 1000)
  const own = duration(elapsedMs / 1000)
  for (const [kind, text] of stamp.said) {
    // Messages about the outlines are not for those who want to be told nothing.
    if (kind !== 'raw' || !command.quiet) reporter[kind](text.replaceAll(stamped, own))
  }
}
