import fc from 'fast-check'
import {VFile} from 'vfile'
import {afterAll, describe, expect, it} from 'vitest'
import {assembleBook, type SectionText} from '../src/book/assemble-book.ts'
import {type BookParts, carryEdits} from '../src/book/carry-edits.ts'
import {lineEdits} from '../src/book/line-edits.ts'
import {normaliseCompletion} from '../src/book/normalise-completion.ts'
import {isSameMarkdown} from '../src/book/same-book.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'

const source = `# Alpha

"<prompt>Block.</prompt>"

"<prompt>Block behind a block.</prompt>"

Text of the author.

## Beta

*   "<prompt>Item.</prompt>"
*   Own item.
    *   "<prompt>Nested item.</prompt>"
    *   Own nested item.

## Gamma

*   **Label:** "<prompt>Labelled.</prompt>"
*   Another own item.

**Label above:**
"<prompt>Labelled outside a list.</prompt>"

### Delta

1. "<prompt>Numbered item.</prompt>"
2. Own number.

"<prompt>Block between lists.</prompt>"

- Own list.

"<prompt>Block with text behind.</prompt>" Text behind.

###### Omega

"<prompt>Deep block.</prompt>"

# End

Text with a note[^1].

[^1]: Own note.
`

const outline = parseOutline(new VFile({path: 'outline.md', value: source}))
const jobs = [...planJobs(outline, new VFile({path: 'outline.md'})).jobs.values()]

const word = fc.constantFrom(
  'pump',
  'valve',
  'head',
  'flow',
  'Rohr',
  'été',
  'насос',
  '水',
  '42',
  'Alpha',
  'Beta',
  'Label',
)
const words = fc.array(word, {minLength: 1, maxLength: 4}).map((list) => list.join(' '))

const inline = fc.oneof(
  {weight: 4, arbitrary: words},
  words.map((text) => `**${text}**`),
  words.map((text) => `*${text}*`),
  words.map((text) => `_${text}_: ~~${text}~~`),
  words.map((text) => `\`${text}\``),
  words.map((text) => `\`\`\` ${text} \`\` ${text} \`\`\``),
  words.map((text) => `[${text}](https://one.example/a_b "${text}")`),
  words.map((text) => `[${text}](javascript:run)`),
  words.map((text) => `![${text}](https://one.example/x.png)`),
  words.map((text) => `[${text}][one] and [two]`),
  words.map((text) => `${text}[^1] ${text}[^note]`),
  words.map((text) => `H<sub>${text}</sub><br>${text}`),
  words.map((text) => `<kbd>${text}`),
  words.map((text) => `${text}</mark> <b>${text}</b>`),
  words.map((text) => `<prompt>${text}</prompt>`),
  words.map((text) => `"<llm_prompt id=x>${text}`),
  words.map((text) => `${text} \u202e \u200b ${text}`),
  words.map((text) => `\u001b[@${text}\u001b[@`),
  words.map((text) => `${text} 👩‍🔧 🇪🇺 ${text}`),
  words.map((text) => `a * b_c ${text} 1 < 2 & 3 > 2 &amp; &copy; \\* | ${text}`),
  words.map((text) => `www.one.example ${text} https://one.example/x) me@one.example`),
  words.map((text) => `${text}  \n${text}\\\n${text}`),
)
const line = fc.array(inline, {minLength: 1, maxLength: 3}).map((list) => list.join(' '))

const block = fc.oneof(
  {weight: 4, arbitrary: line},
  fc.tuple(fc.integer({min: 1, max: 7}), line).map(([depth, text]) => `${'#'.repeat(depth)} ${text}`),
  fc.constantFrom(
    '# Alpha',
    '## Beta',
    '# Delta: pump',
    '### Label',
    '**Gamma**',
    '#',
    '##  ',
    '**pump**',
    '**pump:**',
  ),
  fc.tuple(line, fc.constantFrom('===', '---', '- - -', '***', '--')).map(([text, rule]) => `${text}\n${rule}`),
  fc.constantFrom('---', '***', '___', '- - -'),
  fc
    .tuple(fc.constantFrom('-', '*', '+', '1.', '2)', '7.', '- [x]', '- [ ]', '-\t'), fc.array(line, {maxLength: 3}))
    .map(([marker, items]) => items.map((item) => `${marker} ${item}`).join('\n')),
  fc
    .array(fc.tuple(fc.integer({min: 0, max: 9}), fc.constantFrom('-', '*', '1.', '3)'), words), {maxLength: 6})
    .map((items) => items.map(([indent, marker, text]) => `${' '.repeat(indent)}${marker} ${text}`).join('\n')),
  fc.tuple(line, line).map(([one, two]) => `- ${one}\n\n  ${two}\n\n      ${two}\n- ${two}`),
  fc
    .tuple(
      fc.constantFrom('```', '~~~', '````', '``` sh', '```markdown', '~~~ text {a=1}', '  ```', '- ```', '> ```'),
      line,
      fc.constantFrom('\n```', '\n~~~', '\n````', '', '\n  ```', '\n\n\n```', ' \n``'),
    )
    .map(([open, code, close]) => `${open}\n${code}\n\t\`x\`  \n# ${code}${close}`),
  words.map((text) => `    ${text}\n\n    \t${text}`),
  line.map((text) => `> ${text}\n> - ${text}\n${text}`),
  fc.tuple(words, words).map(([one, two]) => `| ${one} | ${two} |\n|:--|--:|\n| ${two} \\| x | \`a\` |\n| ${one} |`),
  words.map((text) => `[one]: https://one.example "${text}"`),
  words.map((text) => `[^1]: ${text}\n\n    ${text}`),
  words.map((text) => `[^note]: ${text}\n${text}`),
  words.map((text) => `<details>\n<summary>${text}</summary>\n\n${text}\n\n</details>`),
  words.map((text) => `<details open onclick="x">\n${text}`),
  fc
    .tuple(line, words)
    .map(
      ([one, two]) =>
        `<details><summary>**${two}**</summary>\n${one}\n- ${two}\n<details>\n${two}\n</details>\n</details>`,
    ),
  fc
    .tuple(words, line)
    .map(
      ([one, two]) =>
        `1. <details>\n     <summary>${one}\n     \`\`\`\n     ${one}\n\n     ${two}\n     \`\`\`\n   </details>`,
    ),
  fc.tuple(words, words).map(([one, two]) => `\`\`\`sh\n${one}\n\nThe text.\n\n\`\`\`json\n${two}\n\`\`\``),
  fc.tuple(words, words).map(([one, two]) => `${one}\n\n: ${two}`),
  fc.tuple(words, words).map(([one, two]) => `${one}:\n| ${one} | ${two} |\n| ${two} | ${one} |`),
  fc.tuple(words, words).map(([one, two]) => `1. ${one}\n\n\`\`\`\n${two}\n\`\`\`\n\n1. ${two}`),
  fc.constantFrom('</details>', '</div>', '<div>', '<!-- open', '-->', '<script>', '<pre>', '<?php', '<![CDATA['),
  words.map((text) => `<div>\n${text}\n</div>`),
  words.map((text) => `<prompt level=2>\n${text}\n\n${text}\n</prompt>`),
  fc.tuple(words, words).map(([one, two]) => `${one}\n: ${two}`),
  fc.tuple(words, words).map(([one, two]) => `${one}\na) ${one}\nb) ${two}\nC. ${two}`),
  fc.tuple(words, words).map(([one, two]) => `| ${one} | ${two} |\n| ${two} | ${one} |`),
  fc.tuple(words, words).map(([one, two]) => `1. ${one}\n\`\`\`sh\n${two}\n\`\`\`\n2. ${two}\n  - ${one}\n3. ${one}`),
  fc.tuple(words, words).map(([one, two]) => `1. ${one}\n   \`\`\`sh\n${two}\n\`\`\`\n2. ${two}`),
  words.map((text) => `\`\`\`sh\n${text}\n~~~\n\n${text}`),
  words.map((text) => `**${text}**\n\n${text}`),
  words.map((text) => `\\(x_1 = ${text}\\) and \\[${text}\\]`),
  words.map((text) => `\\[\ny = \\frac{${text}}{2} \\\\\n\\]\n$$\n${text}^2\n$$\n$\\alpha$ $5`),
  words.map((text) => `<think>\n${text}\n</think>\n\n${text}`),
  fc.constantFrom('Natürlich! Hier ist der Abschnitt:', 'N’hésitez pas à me demander plus.', '当然可以！'),
  fc.constantFrom('Sure!', 'Here is the requested text:', 'I hope this helps!', 'Let me know if you need changes.'),
  fc.string({unit: fc.constantFrom(...'#*_-+>`~[]()<!|\\:=\n \t1.ab&;"^{}/$')}),
)

const hostile = fc
  .tuple(fc.array(fc.tuple(block, fc.constantFrom('\n\n', '\n\n', '\n\n', '\n', '\n\n\n', '\r\n\r\n')), {maxLength: 6}))
  .map(([blocks]) => blocks.map(([text, end]) => text + end).join(''))


const completion = hostile
/** A book with a completion in each place. */
function bookOf(completions: readonly string[]): BookParts {
  const texts = jobs.map(({id, depth, headingPath, directive}, at): SectionText => {
    const titles = [headingPath.at(-1), directive.label].filter((title) => title !== undefined)
    const {text} = normaliseCompletion(completions[at] ?? '', titles, {
      depth,
      isInItem: directive.container !== 'block',
    })
    return {id, depth, text}
  })
  return {outline, texts, options: {}, book: assembleBook(outline, texts, {})}
}

const edits = ['word', 'words', 'delete', 'paragraph', 'duplicate', 'append'] as const

interface Edit {
  readonly kind: (typeof edits)[number]
  readonly at: number
}

/** Changes a line of one text, `at` of all that the text takes up. */
function edited(lines: readonly string[], span: {start: number; end: number}, {kind, at}: Edit): string[] {
  const made = [...lines]
  const line = span.start - 1 + Math.floor(at * (span.end - span.start + 1))
  const old = made[line] ?? ''
  const indent = ' '.repeat(/^\s*(?:[-*+]\s+|\d+\.\s+)?/.exec(old)?.[0].length ?? 0)
  switch (kind) {
    case 'word':
      made[line] = old.replace(/\p{L}+(?=\P{L}*$)/u, 'CHANGED')
      break
    case 'words':
      made[line] = old.replace(/(\p{L}+) (\p{L}+)/u, '$2 new words, $1')
      break
    case 'delete':
      made.splice(line, 1)
      break
    case 'paragraph':
      made.splice(line + 1, 0, '', `${indent}A new paragraph.`, '')
      break
    case 'duplicate':
      made.splice(line, 0, old)
      break
    case 'append':
      made[line] = `${old} And more.`
  }
  return made
}

const stats=new Map<string,number>()
const stat=(k:string)=>stats.set(k,(stats.get(k)??0)+1)
afterAll(()=>console.log([...stats].sort().map(([a,b])=>a+': '+b).join('\n')))
describe('an edit in the lines of one text', () => {
  it('is carried so that the book stays as it was edited, or is named and changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(completion, {minLength: jobs.length, maxLength: jobs.length}),
        fc.integer({min: 0, max: jobs.length - 1}),
        fc.array(fc.record({kind: fc.constantFrom(...edits), at: fc.double({min: 0, max: 0.999, noNaN: true})}), {
          minLength: 1,
          maxLength: 2,
        }),
        (completions, number, changes) => {
          const parts = bookOf(completions)
          const job = jobs[number] as (typeof jobs)[number]
          const span = parts.book.lines.get(job.id) ?? {start: 1, end: 1}
          const base = parts.book.markdown.split('\n')
          let lines: string[] = base
          for (const change of changes)
            lines = edited(lines, {start: span.start, end: span.end + lines.length - base.length}, change)
          const present = lines.join('\n')
          const result = carryEdits(parts, lineEdits(base, lines))
          stat(job.directive.container+' '+changes.map(c=>c.kind).join('+')+' '+result.type)
          if (result.type==='blocked'&&process.env.SHOW&&changes.length===1&&['word','words','append'].includes(changes[0]!.kind)) console.log(job.id, JSON.stringify(result.edits), '\n'+base.slice(span.start-2,span.end+1).join('\n')+'\n=======\n'+lines.slice(span.start-2,span.end+1+lines.length-base.length).join('\n')+'\n----TEXT\n'+parts.texts.find(t=>t.id===job.id)!.text)
          if (result.type === 'blocked') {
            expect(result.edits.length).toBeGreaterThan(0)
            return
          }
          const texts = parts.texts.map((section) => ({
            ...section,
            text: result.texts.get(section.id)?.text ?? section.text,
          }))
          const made = assembleBook(outline, texts, {}).markdown
          expect(isSameMarkdown(made, present)).toBe(true)
          expect([...result.texts.keys()].filter((id) => id !== job.id)).toEqual([])
        },
      ),
      {numRuns: Number(process.env.RUNS ?? 60), seed: Number(process.env.SEED ?? 20_261_121)},
    )
  })
})
