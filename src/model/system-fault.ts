/** Faults of Linux that Node does not name. */
const unnamed: ReadonlyMap<number, string> = new Map([[-122, 'EDQUOT']])

/**
 * Code of a fault of the operating system, such as `ENOSPC`: a full disk, a folder that may not be written. Undefined
 * for any other error. Faults that Node has no name for, such as a used-up quota, go by their number.
 */
export function systemFaultCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const {code, errno, syscall} = error as NodeJS.ErrnoException
  if (typeof code === 'string' && /^E[A-Z0-9]+$/.test(code)) return code
  if (typeof errno !== 'number' || typeof syscall !== 'string') return undefined
  return unnamed.get(errno) ?? `errno ${Math.abs(errno)}`
}
