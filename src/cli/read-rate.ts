import type {LimitCeiling} from '../schedule/paced-limit.ts'

/** Reads a limit per minute, `N` or `N:BURST`, whole numbers from 1; undefined for anything else. */
export function readRate(value: string | number): LimitCeiling | undefined {
  const match = /^(\d{1,12})(?::(\d{1,12}))?$/.exec(String(value))
  const perMinute = Number(match?.[1])
  const burst = match?.[2] === undefined ? undefined : Number(match[2])
  if (match === null || perMinute < 1 || (burst !== undefined && burst < 1)) return undefined
  return {perMinute, ...(burst === undefined ? {} : {burst})}
}
