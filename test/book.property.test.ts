import fc from 'fast-check'
import type {Nodes, Root} from 'mdast'
import {visit} from 'unist-util-visit'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {assembleBook, type LineSpan} from '../src/book/assemble-book.ts'
import {
  type NormalisedCompletion,
  type NormaliseOptions,
  normaliseCompletion,
} from '../src/book/normalise-completion.ts'
import type {RepairId} from '../src/book/repair.ts'
import type {Job} from '../src/model/job.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {canonicalMarkdown, unwrapLines} from '../src/syntax/canonical-markdown.ts'
import {headingTitle} from '../src/syntax/heading-title.ts'
import {parseMarkdown} from '../src/syntax/parse-markdown.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {directivePlaces} from './support/directive-places.ts'
import {normaliseAgain} from './support/normalise-again.ts'

const source = `${directivePlaces}
| Own | table |
|-----|-------|
| of  | two   |

# End

Text with a note[^1].

[^1]: Own note.
`

const outline = parseOutline(new VFile({path: 'outline.md', value: source}))
const jobs = [...planJobs(outline, new VFile({path: 'outline.md'})).jobs.values()]

interface Built {
  readonly markdown: string
  /** Lines of the completions that are looked at. */
  readonly spans: readonly LineSpan[]
  readonly normalised: NormalisedCompletion
}

/** Repairs that take something off a text, or say in other marks what it holds. */
const lossy = new Set<RepairId>([
  'chatter',
  'details-content',
  'leaked-thoughts',
  'math-delimiters',
  'outer-completion-fence',
  'repeated-title',
  'unclosed-completion-fence',
  'unreadable-completion',
  'unsafe-html',
  'unsafe-link',
])

/** Repairs that take off, close or make code. What is said in other words around code leaves it as it was. */
const changesCode = new Set<RepairId>([
  'details-content',
  'leaked-thoughts',
  'math-delimiters',
  'outer-completion-fence',
  'unclosed-completion-fence',
  'unreadable-completion',
])

/** The book with completions in some places, `[place, text]`, and one plain paragraph in every other. */
function build(...completions: readonly (readonly [number, string])[]): Built {
  const key = JSON.stringify(completions)
  const known = books.get(key) ?? buildAnew(...completions)
  books.set(key, known)
  return known
}

/** Every property sees the same completions, so that books and trees are made once. */
const books = new Map<string, Built>()
const trees = new Map<string, Root>()
const bareTrees = new Map<string, unknown>()

/** The tree of a text, for those who only look at it. */
function treeOf(markdown: string): Root {
  const tree = trees.get(markdown) ?? parseMarkdown(markdown)
  trees.set(markdown, tree)
  return tree
}

function buildAnew(...completions: readonly (readonly [number, string])[]): Built {
  return buildFrom(
    completions,
    completions.map(([at, raw]) => normaliseAt(at, raw)),
  )
}

/** What a build makes of a completion in a place, `off` aside. */
function normaliseAt(at: number, raw: string, off: ReadonlySet<RepairId> = new Set()): NormalisedCompletion {
  return normaliseCompletion(raw, titlesOf(at), {...optionsOf(at), off})
}

function optionsOf(at: number): NormaliseOptions {
  const {depth, directive} = jobs[at] as Job
  return {depth, isInItem: directive.container !== 'block'}
}

function buildFrom(
  completions: readonly (readonly [number, string])[],
  normalised: readonly NormalisedCompletion[],
): Built {
  const texts = jobs.map(({id, depth}, number) => {
    const given = normalised[completions.findIndex(([at]) => at === number)]
    return {id, depth, text: given?.text ?? `Plain text ${number}.`}
  })
  const {markdown, lines} = assembleBook(outline, texts)
  const spans = completions.map(([at]) => lines.get((jobs[at] as Job).id) as LineSpan)
  return {markdown, spans, normalised: normalised[0] as NormalisedCompletion}
}

function titlesOf(at: number): string[] {
  const {headingPath, directive} = jobs[at] as Job
  return [headingPath.at(-1), directive.label].filter((title) => title !== undefined)
}

const plain = jobs.map((_, at) => build([at, `Plain text ${at}.`]))

// Completions: fragments of Markdown, whole and broken, joined at random.

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
  fc.tuple(words, line).map(([one, two]) => `<details>\n<summary>\n\n### ${one}\n\n</summary>\n\n${two}\n</details>`),
  fc
    .tuple(line, words)
    .map(([one, two]) => `<details>\n<summary>${one}\n${two}</summary>\n\`\`\`\n${two}\n\`\`\`\n</details>`),
  fc
    .tuple(line, words)
    .map(([one, two]) => `- ${two}\n   <details>\n   <details><summary>\n   ${one}\n   \`\`\`\n   ${one}\n\n   ${two}`),
  fc.tuple(line, words).map(([one, two]) => `<summary>${one}\n\`\`\`\n${two}\n\n\`\`\`\n${one}`),
  fc.tuple(line, words).map(([one, two]) => `> <details>\n> <summary>${one}\n> \`\`\`\n> ${two}\n>\n> \`\`\`\n${one}`),
  fc.tuple(line, words).map(([one, two]) => `<details>\n${one} <summary>${two}\n${one}`),
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

/** The same completions each time; `SEED=random` or a number tries others. */
const seed = process.env.SEED === 'random' ? Date.now() % 0x7fffffff : Number(process.env.SEED ?? 20_261_121)

/** How many completions each property sees; `RUNS` sets another number. */
const runs = (numRuns: number): {numRuns: number; seed: number} => ({
  numRuns: Number(process.env.RUNS ?? numRuns),
  seed,
})

const place = fc.integer({min: 0, max: jobs.length - 1})

/** Runs a property on every kind of completion in every place. */
function always(check: (at: number, completion: string) => void, numRuns = 300): void {
  fc.assert(fc.property(place, hostile, check), runs(numRuns))
}

// What the properties look at.

interface FoundHeading {
  readonly depth: number
  readonly title: string
  readonly line: number
}

function headings(markdown: string): FoundHeading[] {
  const found: FoundHeading[] = []
  visit(treeOf(markdown), 'heading', (node) => {
    found.push({depth: node.depth, title: headingTitle(node), line: node.position?.start.line ?? 0})
  })
  return found
}

function isInside(line: number, spans: readonly LineSpan[]): boolean {
  return spans.some(({start, end}) => start <= line && line <= end)
}

/** Number of the completion that a line belongs to, -1 for the author's. */
function spanOf(line: number, spans: readonly LineSpan[]): number {
  return spans.findIndex(({start, end}) => start <= line && line <= end)
}

/** The lines of the book outside the completions that are not blank; labels aside, whose line a completion may share. */
function linesOutside({markdown, spans}: Built): string[] {
  return markdown
    .split('\n')
    .filter((text, at) => !isInside(at + 1, spans) && text.trim() !== '' && !text.includes('**Label'))
}

/** Where each text outside the completions stands, labels aside, and how many items each list there has. */
function placesOutside({markdown, spans}: Built): string[] {
  const found: string[] = []
  const walk = (node: Nodes, path: string): void => {
    const start = node.position?.start.line ?? 0
    const end = node.position?.end.line ?? 0
    if (node.type === 'list' && !spans.some((span) => span.start <= end && start <= span.end))
      found.push(`${path}list of ${node.children.length}`)
    if ('children' in node) for (const child of node.children) walk(child, `${path}${node.type}>`)
    else if ('value' in node && !isInside(start, spans) && !node.value.startsWith('Label'))
      found.push(`${path}${node.type}: ${node.value}`)
  }
  walk(treeOf(markdown), '')
  return found
}

const flow = new Set(['root', 'list', 'listItem', 'blockquote', 'footnoteDefinition', 'table', 'tableRow'])

function wordsOf(root: Root): string[] {
  const found: string[] = []
  const add = (text: string): void => {
    found.push(...(text.match(/[\p{L}\p{N}]+/gu) ?? []))
  }
  // Inline marks part no word: text is gathered paragraph by paragraph.
  const walk = (node: Nodes): string => {
    switch (node.type) {
      case 'text':
      case 'inlineCode':
        return node.value
      case 'html':
        return node.value.replace(/<[^>]*>/g, ' ')
      case 'image':
      case 'imageReference':
        return node.alt ?? ''
      case 'break':
        return ' '
      case 'code':
        add(node.value)
        return ''
      default: {
        if (!('children' in node)) return ''
        if (flow.has(node.type)) {
          for (const child of node.children) add(walk(child))
          return ''
        }
        const text = node.children.map(walk).join('')
        if (node.type !== 'paragraph' && node.type !== 'heading' && node.type !== 'tableCell') return text
        add(text)
        return ''
      }
    }
  }
  walk(root)
  return found
}

function codesOf(root: Root): string[] {
  const found: string[] = []
  visit(root, 'code', ({value}) => {
    found.push(value)
  })
  return found
}

/** The tree without positions and style. */
function bareTree(markdown: string): unknown {
  const known = bareTrees.get(markdown)
  if (known !== undefined) return known
  const root = parseMarkdown(markdown)
  unwrapLines(root)
  const bare = (node: Nodes): unknown => {
    const {position: _position, data: _data, ...rest} = node
    const values = Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'spread' && key !== 'children'))
    return 'children' in node ? {...values, children: node.children.map(bare)} : values
  }
  const tree = bare(root)
  bareTrees.set(markdown, tree)
  return tree
}

/** Names of the elements that raw HTML leaves open or closes without need. */
function unbalancedHtml(markdown: string): string[] {
  const open: string[] = []
  const wrong: string[] = []
  visit(treeOf(markdown), 'html', ({value}) => {
    if (value === '<!-- -->') return
    for (const [tag, slash, name = ''] of value.matchAll(/<(\/?)([a-z]+)[^>]*>/gi)) {
      if (!/^(?:br|details|summary|sub|sup|kbd|abbr|mark)$/.test(name)) wrong.push(tag)
      else if (name === 'br') continue
      else if (slash === '') open.push(name)
      else if (open.pop() !== name) wrong.push(tag)
    }
  })
  return [...wrong, ...open]
}

/** Whether `part` is what is left of `whole` when some of it is taken out. */
function isLeftOf(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0
  for (const text of whole) if (text === part[at]) at++
  return at === part.length
}

describe('two completions', () => {
  it('give the same book in whichever order they arrive', () => {
    fc.assert(
      fc.property(place, hostile, place, hostile, (one, textOne, two, textTwo) => {
        fc.pre(one !== two)
        expect(buildAnew([two, textTwo], [one, textOne]).markdown).toBe(build([one, textOne], [two, textTwo]).markdown)
      }),
      runs(100),
    )
  })

  it('share no footnote, no list and no raw HTML', () => {
    fc.assert(
      fc.property(place, hostile, place, hostile, (one, textOne, two, textTwo) => {
        fc.pre(one !== two)
        const {markdown, spans} = build([one, textOne], [two, textTwo])
        const root = treeOf(markdown)
        const defined = new Map<string, number>()
        const called: [string, number][] = []
        visit(root, (node) => {
          const line = node.position?.start.line ?? 0
          if (node.type === 'footnoteDefinition') {
            const span = spanOf(line, spans)
            expect([undefined, span], node.identifier).toContain(defined.get(node.identifier))
            defined.set(node.identifier, span)
          } else if (node.type === 'footnoteReference') called.push([node.identifier, spanOf(line, spans)])
          expect(node.type).not.toBe('linkReference')
        })
        for (const [label, span] of called) expect([label, defined.get(label)]).toEqual([label, span])
        const inLists = [one, two].every((at) => jobs[at]?.directive.container === 'list-item')
        for (const node of root.children) {
          if (node.type !== 'list' || inLists) continue
          const [start, end] = [node.position?.start.line ?? 0, node.position?.end.line ?? 0]
          expect(spans.filter((span) => span.start <= end && start <= span.end).length).toBeLessThan(2)
        }
        expect(unbalancedHtml(markdown)).toEqual([])
        const canonical = canonicalMarkdown(markdown)
        expect(bareTree(canonical)).toEqual(bareTree(markdown))
      }),
      runs(300),
    )
  })
})

describe('any completion', () => {
  it('changes no line outside its place', () => {
    always((at, completion) => {
      const built = build([at, completion])
      expect(linesOutside(built)).toEqual(linesOutside(plain[at] as Built))
    })
  })

  it('changes the place of no text around it', () => {
    always((at, completion) => {
      const built = build([at, completion])
      expect(placesOutside(built)).toEqual(placesOutside(plain[at] as Built))
    })
  })

  it('leaves the headings of the outline as they are', () => {
    always((at, completion) => {
      const {markdown, spans} = build([at, completion])
      const own = headings(markdown).filter(({line}) => !isInside(line, spans))
      const {markdown: plainMarkdown} = plain[at] as Built
      const wanted = headings(plainMarkdown).map(({depth, title}) => ({depth, title}))
      expect(own.map(({depth, title}) => ({depth, title}))).toEqual(wanted)
    })
  })

  it('stands below its container and skips no depth', () => {
    always((at, completion) => {
      const {markdown, spans} = build([at, completion])
      const found = headings(markdown)
      const container = jobs[at]?.directive.containerDepth ?? 0
      found.forEach(({depth, title, line}, number) => {
        if (!isInside(line, spans)) return
        expect(depth, title).toBeGreaterThan(container)
        expect(depth, title).toBeLessThanOrEqual((found[number - 1]?.depth ?? 0) + 1)
      })
    })
  })

  it('keeps its words in their order, all of them where no repair says otherwise', () => {
    always((at, completion) => {
      const [before, behind] = wordsAround(at)
      const raw = wordsOf(treeOf(completion.replace(/\r\n?/g, '\n')))
      const {markdown, normalised} = build([at, completion])
      const kept = wordsOf(treeOf(markdown)).slice(before.length, -behind.length || undefined)
      if (!normalised.repairs.some(({ruleId}) => lossy.has(ruleId as RepairId))) expect(kept).toEqual(raw)
      const plainly = buildFrom([[at, completion]], [normaliseAt(at, completion, lossy)])
      // With what takes off switched off, nothing is gone; raw HTML may then swallow what stands around the place.
      if (!/[<$]|\\[([]/.test(completion))
        expect(wordsOf(treeOf(plainly.markdown))).toEqual([...before, ...raw, ...behind])
    })
  })

  it('gains no word by a repair', () => {
    always((at, completion) => {
      const shown = /<|&|\\|\$|\[/.test(completion) || /^ {0,3}(?:`{3}|~{3})/m.test(completion)
      // What was raw HTML, a fence or a definition is text when it is shown.
      if (shown) return
      const raw = wordsOf(treeOf(completion.replace(/\r\n?/g, '\n')))
      expect(isLeftOf(wordsOf(treeOf(normaliseAt(at, completion).text)), raw)).toBe(true)
    })
  })

  it('keeps its code as it was', () => {
    always((at, completion) => {
      const {markdown, normalised} = build([at, completion])
      if (normalised.repairs.some(({ruleId}) => changesCode.has(ruleId as RepairId))) return
      const codes = codesOf(treeOf(markdown))
      const raw = codesOf(treeOf(completion.replace(/\r\n?/g, '\n')))
      // HTML that never ends took in the code behind it.
      if (/<[!?]|<(?:script|pre)/.test(completion)) expect(isLeftOf(raw, codes)).toBe(true)
      else expect(codes).toEqual(raw)
    })
  })

  it('is normalised once and for all', () => {
    always((at, completion) => {
      const first = normaliseAt(at, completion)
      const again = normaliseAgain(first, titlesOf(at), optionsOf(at))
      expect(again.text).toBe(first.text)
    })
  })

  it('gives a book that is the same each time and keeps its meaning in canonical form', () => {
    always((at, completion) => {
      const {markdown} = build([at, completion])
      expect(buildAnew([at, completion]).markdown).toBe(markdown)
      const canonical = canonicalMarkdown(markdown)
      expect(canonicalMarkdown(canonical)).toBe(canonical)
      expect(bareTree(canonical)).toEqual(bareTree(markdown))
    })
  })

  it('brings no HTML but the few elements that stay, balanced', () => {
    always((at, completion) => {
      expect(unbalancedHtml(build([at, completion]).markdown)).toEqual([])
    })
  })

  it('brings no directive', () => {
    always((at, completion) => {
      const {markdown} = build([at, completion])
      visit(treeOf(markdown), 'html', ({value}) => {
        expect(value).not.toMatch(/<\/?(?:llm_)?prompt\b/i)
      })
    })
  })
})

/** Words of the book before and behind the completion in place `at`. */
function wordsAround(at: number): [string[], string[]] {
  const all = wordsOf(treeOf((plain[at] as Built).markdown))
  const start = all.findIndex((text, number) => text === 'Plain' && all[number + 2] === String(at))
  return [all.slice(0, start), all.slice(start + 3)]
}
