import {rm} from 'node:fs/promises'
import {dirname} from 'node:path'
import {inBatches} from './in-batches.ts'
import type {Garbage} from './plan-garbage.ts'
import {readRegular} from './read-regular.ts'
import {flushFolders, writeWhole} from './write-whole.ts'

/**
 * Removes garbage while no build runs. Lines go before the texts that they name, and are gone from the disk before the
 * first text is: a kill at any moment leaves texts that no line names, never a line that names no text.
 */
export async function removeGarbage({lists, texts, messages, temporaries, quarantined}: Garbage): Promise<void> {
  const emptied: string[] = []
  await inBatches(lists, async ({path, lines}) => {
    if (await removeLines(path, lines)) emptied.push(path)
  })
  await flushFolders(emptied.map((path) => dirname(path)))
  const files = [...texts, ...messages, ...temporaries, ...quarantined].map(({path}) => path)
  await inBatches(files, (path) => rm(path, {force: true, recursive: true}))
  await flushFolders(files.map((path) => dirname(path)))
}

/** What both plans would remove: what was shown before, and is still unused now. */
export function commonGarbage(shown: Garbage, now: Garbage): Garbage {
  const linesShown = new Map(shown.lists.map(({path, lines}) => [path, lines]))
  const common = (key: 'texts' | 'messages' | 'temporaries' | 'quarantined'): Garbage['texts'] => {
    const paths = new Set(shown[key].map(({path}) => path))
    return now[key].filter(({path}) => paths.has(path))
  }
  return {
    lists: now.lists.map(({path, lines}) => ({
      path,
      lines: new Map([...lines].filter(([source]) => linesShown.get(path)?.has(source) === true)),
    })),
    texts: common('texts'),
    messages: common('messages'),
    temporaries: common('temporaries'),
    quarantined: common('quarantined'),
  }
}

/** Takes lines out of a list; gives whether the whole list went. */
async function removeLines(path: string, lines: ReadonlyMap<string, unknown>): Promise<boolean> {
  const bytes = readRegular(path)
  if (!Buffer.isBuffer(bytes) || lines.size === 0) return false
  const kept = bytes
    .toString('utf8')
    .split('\n')
    .filter((source) => source.trim() !== '' && !lines.has(source))
  if (kept.length > 0) {
    await writeWhole(path, kept.map((source) => `\n${source}\n`).join(''))
    return false
  }
  await rm(path, {force: true})
  return true
}
