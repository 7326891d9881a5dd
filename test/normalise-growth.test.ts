import {describe, expect, it} from 'vitest'
import {normaliseCompletion} from '../src/book/normalise-completion.ts'
import {growth} from './support/growth.ts'

/** Lines that look like the start of something that does not come; each by its length. */
const lines: Readonly<Record<string, (length: number) => string>> = {
  'a fence whose language holds a backtick': (length) => `\`\`\`${'a'.repeat(length)}\``,
  'a fence with spaces before a backtick': (length) => `\`\`\`${' '.repeat(length)}a\``,
  'tildes before a backtick': (length) => `${'~'.repeat(length)}\``,
  'tildes before a backtick in an open fence': (length) => `\`\`\`sh\n${'~'.repeat(length)}\``,
}

describe('the time to normalise a completion', () => {
  it.each(Object.entries(lines))('grows with the length of %s', {timeout: 60_000}, async (_, line) => {
    const prepare = (length: number) => {
      const text = `Before.\n\n${line(length)}\n\nBehind.`
      return () => normaliseCompletion(text, ['Title'])
    }
    expect(await growth(prepare, 1_000)).toBeLessThan(3)
  })
})
