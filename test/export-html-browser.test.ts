import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import axe from 'axe-core'
import {type Browser, type BrowserContextOptions, chromium, type Page} from 'playwright-core'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {exportHtml} from '../src/cli/export-html.ts'
import {makeExportBook} from '../src/export/make-export-book.ts'
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
    const book = makeExportBook({root: parseBookMarkdown(markdown), metadata: {title: 'Tea'}, name: 'tea'})
    const images = new Map([['pot.svg', Buffer.from(svg)]])
    const files = await exportHtml({book, images} as never, {
      answers: 'chapter',
      size: 'a4',
      isPrint: false,
      modified: '2026-01-31T00:00:00Z',
    })
    for (const {path, content} of files) {
      mkdirSync(dirname(join(folder, path)), {recursive: true})
      writeFileSync(join(folder, path), content)
    }
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

  it.each(['index.html', 'chapter-01.html', 'chapter-02.html', 'glossary.html', 'terms.html'])(
    'fits a phone and is accessible in both colours: %s',
    async (path) => {
      for (const colorScheme of colours) {
        const page = await open(path, {viewport: {width: 360, height: 740}, colorScheme})
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
        const found = await page.evaluate(`${axe.source}; axe.run(document, {preload: false})`)
        const {violations} = found as {violations: {id: string; impact: string; nodes: {html: string}[]}[]}
        const serious = violations.filter(({impact}) => impact === 'serious' || impact === 'critical')
        expect(serious.map(({id, nodes}) => `${id}: ${nodes[0]?.html}`)).toEqual([])
        await page.context().close()
      }
    },
  )

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

  it('runs no script of an image', async () => {
    const page = await open('chapter-01.html')
    await page.locator('img').scrollIntoViewIfNeeded()
    expect(await page.locator('img').evaluate((image) => image.clientWidth)).toBe(40)
    expect(await page.title()).toBe('I. Leaves – Tea')
  })
})
