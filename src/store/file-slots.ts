/** Files that are written at once: more only take descriptors, for the system's threads are few. */
const most = 6

let free = most
const waiting: (() => void)[] = []

/** Runs `write` when fewer than the most are being written. Not to be nested. */
export async function inFileSlot<Value>(write: () => Promise<Value>): Promise<Value> {
  if (free > 0) free--
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await write()
  } finally {
    const next = waiting.shift()
    if (next === undefined) free++
    else next()
  }
}
