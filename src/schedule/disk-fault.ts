import type {FailureCause} from '../model/job-result.ts'
import {systemFaultCode} from '../model/system-fault.ts'

/** Whether a job failed for a fault of the disk. */
export function isDiskFault({code}: FailureCause): boolean {
  return code.startsWith('disk-')
}

/** A fault of the disk, which every other job would meet; undefined for a fault of the program. */
export function diskFault(error: unknown): FailureCause | undefined {
  const code = systemFaultCode(error)
  if (code === undefined) return undefined
  return {
    code: `disk-${code.toLowerCase().replace(' ', '-')}`,
    message: `Cannot read or write the files of the build (${code}): ${(error as Error).message}`,
    isFatal: true,
    attempts: 1,
  }
}
