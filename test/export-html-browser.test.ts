import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import axe from 'axe-core'
import {type Browser, type BrowserContextOptions, chromium, type Page} from 'playwright-core'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {exportHtml} from '../src/cli/export-html.ts'
import {makeExportBook} from '../src/export/make-export-book.ts'
import type {BookMetadata} from '../src/model/outline.ts'
import {parseBookMarkdown} from '../src/syntax/parse-markdown.ts'
import {findChromium} from './support/find-chromium.ts'

const markdown = `# I. Leaves

Tea is a **leaf** in water, and the leaf is $\`\\frac{a}{b}\`$ of it[^1]. See [water](#ii-water) or [the web](https://tea.example/).

[^1]: So they say.

\`\`\`js
const leaf = 'green' // ${'long '.repeat(40)}
\`\`\`

| Leaf | Water | Time | Cup | Pot | Place |
|---|---|---|---|---|---|
| ${'Gyokuro '.repeat(4)} | ${'Spring '.repeat(4)} | two | white | iron | Uji |

> [!WARNING]
> Hot.

![A pot](pot.svg)

${'Tea grows on hills. '.repeat(200)}

## Key Terms

- **Leaf**: What is steeped.

## Quiz

1. Which leaf is green?
   - A) Assam
   - B) Sencha

     of Uji

2. Is water wet?
   - A) True
   - B) False

**Answers**

1. **B**: it is steamed.
2. **A**: it is.

# II. Water

Water for a leaf from Averyveryveryveryveryveryveryveryveryveryveryveryveryverylongplace.
`

const places = ['courseSearch', 'MiniSearch', 'document', 'localStorage', 'body', 'constructor', '__proto__']
const hostile = `# <img src=x onerror="document.title='hit'">

<script>document.title = 'hit'</script>

<iframe src="https://tea.example/"></iframe>

<meta http-equiv="refresh" content="0; url=https://tea.example/">

<style>body { background: url(https://tea.example/a.png) }</style>

<base href="https://tea.example/">

[a](javascript:alert(1)) [b](data:text/html,hit) [c](vbscript:a) [d](<java\nscript:alert(1)>) ![e](https://tea.example/a.png)

${places.map((id) => `<a id="${id}"></a>`).join('\n')}

Leaf </script><script>document.title = 'hit'</script> \u2028 --> <!-- ]]>

\`\`\`"><script>document.title='hit'</script>
a
\`\`\`

## Key Terms

- **Leaf"><img src=x onerror=alert(1)>**: </script><svg onload="document.title='hit'">.

# Two

A leaf.
`

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><script>document.title="hit"</script></svg>'
const program = findChromium()

let folder: string
let browser: Browser

/** What a page did that it must not: words on the console, faults, requests that leave the site. */
let faults: string[]

// Without a browser these are skipped, which the closing line counts; `.ci/run` installs one.
describe.skipIf(program === undefined)('a site in a browser, from a disk', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'site-'))
    writeFileSync(
      join(folder, 'theme.yaml'),
      'fonts: {body: Noto Serif}\nsize: 12\ncolours: {accent: "#7a0000"}\ndark: {accent: "#ffd0d0"}\n',
    )
    await writeBook('', markdown, {title: 'Tea'})
    await writeBook('arabic', markdown.replace('# I. Leaves', '# الأوراق'), {title: 'الشاي', language: 'ar'})
    await writeBook('hostile', hostile, {title: '"><script>document.title="hit"</script>', language: '"><b>'})
    await writeBook('themed', markdown, {title: 'Tea'}, join(folder, 'theme.yaml'))
    browser = await chromium.launch({executablePath: program as string, args: ['--no-sandbox']})
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, {recursive: true, force: true})
  })

  beforeEach(() => {
    faults = []
  })

  afterEach(() => expect(faults).toEqual([]))

  async function writeBook(name: string, text: string, metadata: BookMetadata, theme?: string): Promise<void> {
    const book = makeExportBook({root: parseBookMarkdown(text), metadata, name: 'tea'})
    const images = new Map([['pot.svg', Buffer.from(svg)]])
    const nobody = () => undefined
    const files = await exportHtml({book, images, report: nobody, reportIn: nobody} as never, {
      answers: 'chapter',
      size: 'a4',
      isPrint: false,
      modified: '2026-01-31T00:00:00Z',
      ...(theme === undefined ? {} : {theme}),
    })
    for (const {path, content} of files) {
      mkdirSync(dirname(join(folder, name, path)), {recursive: true})
      writeFileSync(join(folder, name, path), content)
    }
  }

  const address = (page: string): string => new URL(page, `${pathToFileURL(folder)}/`).href

  async function open(page: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({viewport: {width: 1280, height: 800}, ...options})
    const tab = await context.newPage()
    tab.on('console', (message) => faults.push(message.text()))
    tab.on('pageerror', ({message}) => faults.push(message))
    tab.on('request', (request) => request.url().startsWith(address('')) || faults.push(request.url()))
    await tab.goto(address(page))
    return tab
  }

  const colours = ['dark', 'light'] as const

  it.each([
    'index.html',
    'chapter-01.html',
    'chapter-02.html',
    'glossary.html',
    'terms.html',
    'arabic/chapter-01.html',
    'themed/chapter-01.html',
    'hostile/chapter-01.html',
  ])('fits a phone and is accessible in both colours: %s', async (path) => {
    for (const colorScheme of colours) {
      const page = await open(path, {viewport: {width: 360, height: 740}, colorScheme})
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
      const found = await page.evaluate(`${axe.source}; axe.run(document, {preload: false})`)
      const {violations} = found as {violations: {id: string; impact: string; nodes: {html: string}[]}[]}
      const serious = violations.filter(({impact}) => impact === 'serious' || impact === 'critical')
      expect(serious.map(({id, nodes}) => `${id}: ${nodes[0]?.html}`)).toEqual([])
      await page.context().close()
    }
  })

  it('finds what is searched for, by keyboard, and leads there', async () => {
    const page = await open('index.html')
    await page.keyboard.press('/')
    await page.keyboard.type('sench')
    await page.locator('.results li').first().waitFor()
    expect(await page.locator('.results .found').textContent()).toBe('1 found')
    expect(await page.locator('.results mark').first().textContent()).toBe('Sencha')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/chapter-01\.html#quiz$/)
    await page.locator('.search input').fill('leaf')
    await page.locator('.results li').nth(1).waitFor()
    expect(await page.locator('.results a').first().getAttribute('href')).toBe('glossary.html#term-leaf')
  })

  it('checks a quiz by keyboard, explains and counts', async () => {
    const page = await open('chapter-01.html')
    const [first, second] = [page.locator('.question').nth(0), page.locator('.question').nth(1)]
    await first.locator('input').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await first.locator('.verdict').textContent()).toBe('Right.')
    expect(await first.locator('.answer').textContent()).toContain('it is steamed')
    expect(await first.locator('.answer').getAttribute('open')).toBe('')
    await second.locator('input').nth(1).check()
    await second.getByRole('button', {name: 'Check'}).press('Enter')
    expect(await second.locator('.verdict').textContent()).toBe('Not right.')
    expect(await page.locator('.score p').textContent()).toBe('1 of 2 right')
    await page.getByRole('button', {name: 'Start again'}).press('Enter')
    expect(await page.locator('.score p').textContent()).toBe('')
    expect(await first.locator('input:checked').count()).toBe(0)
    await first.getByText('of Uji').click()
    expect(await first.locator('input:checked').getAttribute('value')).toBe('B')
  })

  it('says what a term means while it has the focus, until Esc', async () => {
    const page = await open('chapter-01.html')
    const tip = page.getByRole('tooltip')
    await page.locator('.term').first().focus()
    expect(await tip.textContent()).toBe('What is steeped.')
    await page.keyboard.press('Escape')
    expect(await tip.count()).toBe(0)
    await page.locator('.term').first().hover()
    expect(await tip.isVisible()).toBe(true)
  })

  it('keeps the colours that a reader chose, and follows the system before', async () => {
    const page = await open('index.html', {colorScheme: 'dark'})
    const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(await colour()).toBe('rgb(20, 23, 28)')
    await page.locator('.theme').click()
    expect(await colour()).toBe('rgb(255, 255, 255)')
    await page.goto(address('chapter-01.html'))
    expect(await colour()).toBe('rgb(255, 255, 255)')
    await page.locator('.theme').click()
    expect(await colour()).toBe('rgb(20, 23, 28)')
    await page.emulateMedia({media: 'print'})
    expect(await colour()).toBe('rgb(255, 255, 255)')
    expect(await page.locator('.sidebar').isVisible()).toBe(false)
  })

  it('copies code as it is written', async () => {
    const page = await open('chapter-01.html', {permissions: ['clipboard-read', 'clipboard-write']})
    await page.locator('.code').hover()
    await page.getByRole('button', {name: 'Copy'}).click()
    await page.getByRole('button', {name: 'Copied'}).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `const leaf = 'green' // ${'long '.repeat(40)}`,
    )
  })

  it('remembers what was read', async () => {
    const page = await open('chapter-02.html')
    await page.locator('.neighbours').scrollIntoViewIfNeeded()
    await page.locator('.progress:not([hidden])').waitFor()
    await page.goto(address('index.html'))
    expect(await page.locator('.progress').textContent()).toBe('1 of 2 chapters read')
    expect(await page.locator('.resume a').textContent()).toBe('Continue with II. Water')
  })

  it('can be read and answered without scripts', async () => {
    const page = await open('chapter-01.html', {javaScriptEnabled: false, viewport: {width: 360, height: 740}})
    await page.locator('.answer summary').first().click()
    expect(await page.locator('.answer').first().textContent()).toContain('it is steamed')
    expect(await page.locator('.search').isVisible()).toBe(false)
    await page.locator('.menu').click()
    expect(await page.locator('.sidebar').isVisible()).toBe(true)
    await page.locator('.sidebar a', {hasText: 'II. Water'}).click()
    expect(page.url()).toContain('chapter-02.html')
  })

  it('says everything in the language of the book, from right to left', async () => {
    const page = await open('arabic/chapter-01.html', {permissions: ['clipboard-read', 'clipboard-write']})
    expect(await page.evaluate(() => getComputedStyle(document.body).direction)).toBe('rtl')
    expect(await page.locator('pre').evaluate((code) => getComputedStyle(code).direction)).toBe('ltr')
    await page.locator('.question').first().locator('input').nth(1).check()
    await page.getByRole('button', {name: 'تحقق'}).first().click()
    expect(await page.locator('.verdict').first().textContent()).toBe('صحيح.')
    expect(await page.locator('.score p').textContent()).toBe('1 صحيحة من 1 · بقي 1')
    await page.locator('.search input').fill('leaf')
    await page.locator('.results li').first().waitFor()
    expect(await page.locator('.results .found').textContent()).toMatch(/^عدد النتائج: \d+$/)
    const words = (await page.locator('button, [aria-label], .neighbours').allTextContents()).join(' ')
    expect(words).not.toMatch(/Copy|Check|Search|Next|Previous/)
  })

  it('tells those who listen how they answered, several answers among them', async () => {
    const page = await open('chapter-01.html')
    expect(await page.locator('.verdict').first().getAttribute('role')).toBe('status')
    await page.locator('.question button').first().press('Enter')
    expect(await page.locator('.verdict').first().textContent()).toBe('Choose an answer first.')
    expect(await page.locator('.score [role="status"]').textContent()).toBe('')
  })

  it('leads to headings by their anchors, below the bar that stays', async () => {
    const page = await open('chapter-01.html')
    await page.locator('h2 .anchor').last().click()
    expect(page.url()).toMatch(/chapter-01\.html#quiz$/)
    const [heading, bar] = await page.evaluate(() => [
      document.querySelector('#quiz')?.getBoundingClientRect().top ?? -1,
      document.querySelector('.top')?.getBoundingClientRect().bottom ?? 0,
    ])
    expect(heading).toBeGreaterThanOrEqual(bar as number)
    await page.locator('.call a').click()
    expect(page.url()).toMatch(/#fn-1$/)
  })

  it('is printed without what only a screen needs, with addresses and folded answers', async () => {
    const page = await open('chapter-01.html', {colorScheme: 'dark'})
    await page.emulateMedia({media: 'print'})
    for (const part of ['.sidebar', '.top', '.checking', '.code button', '.neighbours'])
      expect(await page.locator(part).first().isVisible(), part).toBe(false)
    const shown = page.locator('a.external').first()
    expect(await shown.evaluate((link) => getComputedStyle(link, '::after').content)).toContain('https://tea.example/')
    expect(await page.getByText('it is steamed').first().isVisible()).toBe(false)
    expect(await page.locator('pre').evaluate((code) => getComputedStyle(code).whiteSpace)).toBe('pre-wrap')
  })

  it('looks as its theme says, each scheme for itself', async () => {
    for (const [colorScheme, colour] of [
      ['light', 'rgb(122, 0, 0)'],
      ['dark', 'rgb(255, 208, 208)'],
    ] as const) {
      const page = await open('themed/chapter-01.html', {colorScheme})
      const look = await page.locator('h1').evaluate(async (heading) => {
        await document.fonts.ready
        const {color, fontFamily} = getComputedStyle(heading)
        return {
          color,
          fontFamily,
          isLoaded: document.fonts.check('16px "Noto Serif"'),
          size: getComputedStyle(document.documentElement).fontSize,
        }
      })
      expect(look).toMatchObject({color: colour, isLoaded: true, size: '19.2px'})
      expect(look.fontFamily).toMatch(/^"Noto Serif"/)
      await page.context().close()
    }
  })

  it('does nothing that a hostile text asks for, and works all the same', async () => {
    const page = await open('hostile/chapter-01.html')
    await page.locator('.search input').fill('leaf')
    await page.locator('.results li').first().waitFor()
    expect(await page.title()).toMatch(/^Untitled – "><script>document\.title="hit"<\/script>$/)
    expect(await page.locator('main :is(script, iframe, meta, style, base, img, svg)').count()).toBe(0)
    expect(await page.locator('.results :is(script, img, svg)').count()).toBe(0)
    const hrefs = await page.locator('main a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
    expect(hrefs.filter((href) => !/^(?:#|[\w-]+\.html)/.test(href ?? ''))).toEqual([])
    await page.locator('.theme').click()
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  })

  it('runs no script of an image', async () => {
    const page = await open('chapter-01.html')
    await page.locator('img').scrollIntoViewIfNeeded()
    expect(await page.locator('img').evaluate((image) => image.clientWidth)).toBe(40)
    expect(await page.title()).toBe('I. Leaves – Tea')
  })
})
