import type {Reporter, TestModule} from 'vitest/node'

/** Prints the run's totals as one plain line, whatever the terminal: `tests: 12 passed, 0 failed, 1 skipped`. */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = {passed: 0, failed: 0, skipped: 0, pending: 0}
    for (const testModule of modules) {
      for (const test of testModule.children.allTests()) count[test.result().state]++
      if (testModule.errors().length > 0) count.failed++
    }
    process.stdout.write(
      `tests: ${count.passed} passed, ${count.failed} failed, ${count.skipped + count.pending} skipped\n`,
    )
  }
}
