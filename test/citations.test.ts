import {VFile} from 'vfile'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {assembleBook} from '../src/book/assemble-book.ts'
import {mapSources} from '../src/book/source-map.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const bibliography = {
  path: 'sources.yaml',
  entries: [
    {
      number: 3,
      title: 'Cloud [Atlas] *2*',
      url: 'https://example.org/clouds(1)',
      licence: 'CC-BY-4.0',
      date: '2025-03',
    },
    {number: 6, title: 'Reading <b>Fronts</b>'},
    {number: 7, title: 'Never cited'},
  ],
}

function assemble(texts: readonly string[], source = outlineOf(texts.length), language?: string) {
  const file = new VFile({path: 'sky.md', value: source})
  const outline = parseOutline(file, {tagNames: []})
  const sections = [...planJobs(outline, file, {}).jobs.values()].map(({id, depth}, at) => ({
    id,
    depth,
    text: texts[at] ?? '',
  }))
  const book = assembleBook(outline, sections, {bibliography, ...(language === undefined ? {} : {language})})
  return {book, outline, sections, markdown: book.markdown}
}

function outlineOf(count: number): string {
  return `# Sky\n\n${Array.from({length: count}, (_, at) => `## Part ${at + 1}\n\n<prompt>Write ${at + 1}.</prompt>\n`).join('\n')}`
}

describe('citations in a book', () => {
  it('become links to the bibliography at its end, which lists what is cited', () => {
    const {markdown, book} = assemble(['Rain falls [3]. Clouds form.[6, 3] Both [3][6].', 'Ice \\[6\\] is cold.'])
    expect(markdown).toContain(
      'Rain falls [\\[3\\]](#source-3). Clouds form.[\\[6\\]](#source-6)[\\[3\\]](#source-3) Both [\\[3\\]](#source-3)[\\[6\\]](#source-6).',
    )
    expect(markdown).toContain('Ice [\\[6\\]](#source-6) is cold.\n\n## Sources\n\n')
    expect(markdown.split('## Sources\n\n')[1]).toBe(
      '- <a id="source-3"></a>\\[3\\] [Cloud \\[Atlas\\] \\*2\\*](https://example.org/clouds%281%29), CC-BY-4.0, 2025-03\n' +
        '- <a id="source-6"></a>\\[6\\] Reading \\<b\\>Fronts\\</b\\>\n',
    )
    expect([...book.citations.values()]).toEqual([[3, 6], [6]])
  })

  it('stay text in headings, code, links and definitions, with unknown numbers, and where a definition is theirs', () => {
    const text = [
      '# Part [3]',
      'Array `a[3]` and [a [3] link](https://example.org) and [6](https://example.org/own) and [12] and [3, 12].',
      '```js\na[3]\n```',
      '- [ ] task\n- [x] done',
      'Own [3].',
      '[3]: https://example.org/mine',
    ].join('\n\n')
    const {markdown} = assemble([text])
    expect(markdown).not.toContain('#source-')
    expect(markdown).not.toContain('# Sources')
    expect(markdown).toContain('Own [3](https://example.org/mine).')
  })

  it('stay as they are where they are links already, and make the same book again', () => {
    const once = assemble(['Rain falls [3].'])
    const twice = assemble(['Rain falls [\\[3\\]](#source-3).'])
    expect(twice.markdown).toBe(once.markdown)
    expect([...twice.book.citations.values()]).toEqual([[3]])
  })

  it('work in list items, tables and behind labels', () => {
    const source =
      '# Sky\n\n## Part\n\n*   <prompt>One.</prompt>\n\n**Label:** <prompt>Two.</prompt>\n\n<prompt>Three.</prompt>\n'
    const {markdown} = assemble(['Rain [3].', 'Ice [6].', '| a | b |\n| - | - |\n| Haze [3] | x |'], source)
    expect(markdown).toContain('*   Rain [\\[3\\]](#source-3).')
    expect(markdown).toContain('**Label:** Ice [\\[6\\]](#source-6).')
    expect(markdown).toContain('| Haze [\\[3\\]](#source-3) | x |')
  })

  it('give a heading at the depth of chapters in the language of the book', () => {
    const titled = '# The Sky\n\n## One\n\n<prompt>One.</prompt>\n\n## Two\n\n<prompt>Two.</prompt>\n'
    expect(assemble(['a [3]', 'b'], titled, 'de-AT').markdown).toContain('\n\n## Quellen\n\n- ')
    const chapters = '# One\n\n<prompt>One.</prompt>\n\n# Two\n\n<prompt>Two.</prompt>\n'
    expect(assemble(['a [3]', 'b'], chapters, 'tlh').markdown).toContain('\n\n# Sources\n\n- ')
  })

  it('leave a book without citations as it is, and one without a bibliography', () => {
    expect(assemble(['No citation.']).markdown).not.toContain('Sources')
    const {outline, sections} = assemble(['Rain [3].'])
    expect(assembleBook(outline, sections).markdown).toBe('# Sky\n\n## Part 1\n\nRain \\[3].\n')
  })

  it('have an origin of their own for each line of the bibliography', () => {
    const {outline, sections, book} = assemble(['Rain [3, 6].', 'Ice.'])
    const {lines} = mapSources(outline, sections, book)
    expect(lines).toHaveLength(book.markdown.split('\n').length - 1)
    expect(lines.slice((book.bibliography?.line ?? 0) - 2)).toEqual([
      {type: 'between'},
      {type: 'bibliography'},
      {type: 'between'},
      {type: 'bibliography', number: 3},
      {type: 'bibliography', number: 6},
    ])
  })
})

describe('citations in a course', () => {
  const list = '- number: 3\n  title: Cloud Atlas\n  url: https://example.org/clouds\n- number: 6\n  title: Fronts\n'
  const note =
    '# Clouds\n\n- Cirrus clouds consist of thin ice crystals at great height. [3]\n- A cold front brings short and heavy rain to the coast. [6]\n'
  const outline =
    '---\ntitle: Sky\n---\n\n# Clouds\n\n<prompt>Explain cirrus clouds of ice crystals.</prompt>\n\n# Fronts\n\n<prompt>Explain what a cold front brings.</prompt>\n'
  let space: Workspace
  let server: OpenAiServer
  let answers: Record<string, string>

  beforeEach(async () => {
    space = new Workspace()
    answers = {
      cirrus: 'Cirrus clouds consist of thin ice crystals [3].',
      front: 'A cold front brings heavy rain to the coast [6].',
    }
    server = await OpenAiServer.start({
      answer: ({body}) =>
        JSON.stringify(body).includes('Explain cirrus') ? (answers.cirrus as string) : (answers.front as string),
    })
    space.write('msk-course.yaml', '')
    space.write('outline/sky.md', outline)
    space.write('sources/sources.yaml', list)
    space.write('sources/clouds.md', note)
  })

  afterEach(async () => {
    space.remove()
    await server.stop()
  })

  const cli = (...args: string[]) => runCli(args, {cwd: space.root})
  const build = (...args: string[]) =>
    cli('build', '--yes', '--base-url', server.baseUrl, '--model', 'test-model', ...args)

  it('are in the book as links and in the manifest by section, and pass verify', async () => {
    expect((await build()).code).toBe(0)
    expect(space.read('output/sky/book.md')).toContain('crystals [\\[3\\]](#source-3).')
    const manifest = JSON.parse(space.read('output/sky/manifest.json')) as {directives: {citations?: number[]}[]}
    expect(manifest.directives.map(({citations}) => citations)).toEqual([[3], [6]])
    const verify = await cli('verify', '--grounding', '--json', '--strict')
    expect(JSON.parse(verify.stdout)).toEqual([])
    expect((await cli('build', '--frozen')).code).toBe(0)
    for (const format of ['html', 'epub', 'mdbook']) expect((await cli('export', format)).code, format).toBe(0)
    expect(space.snapshot('output/sky').size).toBeGreaterThan(6)
  })

  it('change rows of the manifest and the bibliography alone where one more source is cited', async () => {
    await build()
    const before = space.read('output/sky/manifest.json').split('\n')
    const path = 'output/sky/sections/clouds.md'
    space.write(path, space.read(path).replace('crystals', 'crystals [6]'))
    await build()
    const after = space.read('output/sky/manifest.json').split('\n')
    expect(after.filter((line, at) => line !== before[at])).toHaveLength(1)
  })

  it('are asked for again where a number is unknown, and reported where a source says something else', async () => {
    answers.cirrus = 'Cirrus clouds consist of thin ice crystals [9].'
    answers.front = 'A cold front brings heavy rain to the coast [3].'
    const {stdout, code} = await build('--json')
    const {books} = JSON.parse(stdout) as {books: {findings: {ruleId: string; id: string; message: string}[]}[]}
    expect(books[0]?.findings.map(({ruleId, id}) => [ruleId, id])).toEqual([
      ['unknown-citation', 'clouds'],
      ['unsupported-citation', 'fronts'],
    ])
    expect(code).toBe(1)
    expect(server.seen.some(({body}) => JSON.stringify(body).includes('Unexpected citation [9]'))).toBe(true)
    expect(space.read('output/sky/book.md')).toContain('\\[9]')
  })

  it('let an edit of the book be carried into the section file, and name sources.yaml for one of the bibliography', async () => {
    await build()
    const book = space.read('output/sky/book.md')
    space.write('output/sky/book.md', book.replace('thin ice crystals', 'very thin ice crystals'))
    expect((await build()).stderr).toContain('carried 1 edit into clouds')
    expect(space.read('output/sky/sections/clouds.md')).toContain('very thin ice crystals \\[3].')
    expect(space.read('output/sky/book.md')).toContain('very thin ice crystals [\\[3\\]](#source-3).')
    const now = space.read('output/sky/book.md')
    space.write('output/sky/book.md', now.replace('Cloud Atlas', 'Atlas of Clouds'))
    const blocked = await build()
    expect(blocked.code).toBe(1)
    expect(blocked.stderr).toContain('this is the bibliography; change the source in sources/sources.yaml')
    space.write('output/sky/book.md', now)
    const line = now.split('\n').findIndex((text) => text.includes('Cloud Atlas')) + 1
    const why = JSON.parse((await cli('why', `line:${line}`, '--in', 'book', '--json')).stdout) as object
    expect(JSON.stringify(why)).toContain('"origin":"bibliography","from":{"file":"sources/sources.yaml"')
  })

  it('may be typed and taken out in the book, which lists then what is cited', async () => {
    await build()
    const book = space.read('output/sky/book.md')
    const cirrus = 'thin ice crystals [\\[3\\]](#source-3).'
    expect(book).toContain(cirrus)
    space.write('output/sky/book.md', book.replace(cirrus, 'thin ice crystals [3]. Fronts bring rain [6, 3].'))
    expect((await build()).stderr).toContain('carried 1 edit into clouds')
    expect(space.read('output/sky/sections/clouds.md')).toContain(
      'thin ice crystals \\[3]. Fronts bring rain \\[6, 3].',
    )
    const cited = space.read('output/sky/book.md')
    expect(cited).toContain('rain [\\[6\\]](#source-6)[\\[3\\]](#source-3).')
    space.write('output/sky/book.md', cited.replaceAll('[\\[3\\]](#source-3)', ''))
    expect((await build()).stderr).toContain('carried')
    expect(space.read('output/sky/book.md')).not.toContain('source-3')
  })

  it('have their support listed sentence by sentence', async () => {
    answers.cirrus = 'Cirrus clouds consist of thin ice crystals [3]. A Dutch painter once sold them as porcelain dogs.'
    await build()
    const found = JSON.parse((await cli('verify', '--grounding', '--json')).stdout) as {
      ruleId: string
      reason: string
      severity: string
    }[]
    expect(found).toMatchObject([{ruleId: 'ungrounded-sentence', severity: 'info'}])
    expect(found[0]?.reason).toContain('porcelain dogs')
    expect(found[0]?.reason).toContain('1 of 2 sentences')
    const text = await cli('verify', '--grounding')
    expect(text.stderr).toContain('grounding: the sources support 2 of 3 sentences, 66 %')
    expect(JSON.parse((await cli('verify', '--json')).stdout)).toEqual([])
  })
})
