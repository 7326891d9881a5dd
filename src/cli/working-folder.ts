import {systemFaultCode} from '../model/system-fault.ts'

/** The folder that the program runs in; undefined where somebody removed it. */
export function workingFolder(): string | undefined {
  try {
    return process.cwd()
  } catch (error) {
    if (systemFaultCode(error) === undefined) throw error
    return undefined
  }
}
