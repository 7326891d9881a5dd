import {setMaxListeners} from 'node:events'

/** Ctrl-C and SIGTERM as two steps: start nothing more and keep what arrives; then end what is under way. */
export interface StopSignals {
  readonly stop: AbortSignal
  readonly abort: AbortSignal
  /** Exit code of the signal that came, 130 or 143; undefined when none did. */
  readonly exitCode: number | undefined
  dispose(): void
}

/** Listens until `dispose`. `onFirst` is told of the first signal, `onSecond` of the second. */
export function listenForStop(onFirst: () => void, onSecond: () => void): StopSignals {
  const stop = new AbortController()
  const abort = new AbortController()
  // Each request under way listens, hundreds at a time.
  setMaxListeners(0, stop.signal, abort.signal)
  let code: number | undefined
  const onSignal = (own: number) => (): void => {
    code ??= own
    if (!stop.signal.aborted) {
      stop.abort()
      onFirst()
    } else if (!abort.signal.aborted) {
      abort.abort()
      onSecond()
    }
  }
  const onInterrupt = onSignal(130)
  const onTerminate = onSignal(143)
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)
  return {
    stop: stop.signal,
    abort: abort.signal,
    get exitCode() {
      return code
    },
    dispose() {
      process.off('SIGINT', onInterrupt)
      process.off('SIGTERM', onTerminate)
    },
  }
}
