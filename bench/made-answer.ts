import {makeNoun, makeSentence, makeTitle, wholeNumber} from './made-words.ts'
import {seededRandom, seedOf} from './seeded-random.ts'

const shortest = 800
const longest = 2800

/** A Markdown text of 1 to 3 KB, about 2 KB in the middle of many; the same for the same prompt. */
export function makeAnswer(prompt: string): string {
  const random = seededRandom(seedOf(prompt))
  const length = wholeNumber(shortest, longest, random)
  const blocks: string[] = random() < 0.5 ? [`### ${makeTitle(random)}`] : []
  let size = 0
  while (size < length) {
    const block = makeBlock(random)
    blocks.push(block)
    size += block.length
  }
  return blocks.join('\n\n')
}

function makeBlock(random: () => number): string {
  const kind = random()
  const sentences = (count: number): string[] => Array.from({length: count}, () => makeSentence(random))
  if (kind < 0.6) return sentences(wholeNumber(2, 5, random)).join(' ')
  if (kind < 0.8) {
    return sentences(wholeNumber(3, 6, random))
      .map((sentence) => `- **${makeTitle(random)}:** ${sentence}`)
      .join('\n')
  }
  if (kind < 0.9) {
    return sentences(3)
      .map((sentence, at) => `${at + 1}. ${sentence}`)
      .join('\n')
  }
  if (kind < 0.95) {
    return ['```bash', `tool ${makeNoun(random)} --${makeNoun(random)} ${makeNoun(random)}`, '# a comment', '```'].join(
      '\n',
    )
  }
  const row = (): string => `| ${makeTitle(random)} | \`${makeNoun(random)}\` |`
  return ['| Name | Value |', '| --- | --- |', row(), row(), row()].join('\n')
}
