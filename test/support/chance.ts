import {createHash} from 'node:crypto'

/** A number from 0 to below 1 that depends on its arguments alone, so that a storm is the same each time. */
export function chance(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(parts.join('\0')).digest().readUInt32BE(0) / 2 ** 32
}
