import {setMaxListeners} from 'node:events'

/** Ctrl-C, SIGTERM and SIGHUP as two steps: start nothing more and keep what arrives; then end what is under way. */
export interface StopSignals {
  readonly stop: AbortSignal
  readonly abort: AbortSignal
  /** Exit code of the signal that came: 130, 143 or 129; undefined when none did. */
  readonly exitCode: number | undefined
  dispose(): void
}

/** Whoever sends SIGTERM kills after a while, in CI after about ten seconds: what has not arrived by then is given up. */
const graceMs = 8_000

/** Listens until `dispose`. The first signal aborts `stop`, the second `abort`. */
export function listenForStop(): StopSignals {
  const stop = new AbortController()
  const abort = new AbortController()
  // Each request under way listens, hundreds at a time.
  setMaxListeners(0, stop.signal, abort.signal)
  let code: number | undefined
  let timer: NodeJS.Timeout | undefined
  const onSignal = (own: number) => (): void => {
    code ??= own
    if (stop.signal.aborted) abort.abort()
    else stop.abort()
  }
  const onInterrupt = onSignal(130)
  const endSoon = (first: () => void) => (): void => {
    timer ??= setTimeout(first, graceMs).unref()
    first()
  }
  const onTerminate = endSoon(onSignal(143))
  const onHangUp = endSoon(onSignal(129))
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)
  process.on('SIGHUP', onHangUp)
  return {
    stop: stop.signal,
    abort: abort.signal,
    get exitCode() {
      return code
    },
    dispose() {
      process.off('SIGINT', onInterrupt)
      process.off('SIGTERM', onTerminate)
      process.off('SIGHUP', onHangUp)
      clearTimeout(timer)
    },
  }
}
