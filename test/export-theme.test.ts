import {readFileSync} from 'node:fs'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {contrast} from '../src/export/contrast.ts'
import {readFontFace} from '../src/export/font-face.ts'
import {contrastFaults, fixedColours, siteColours, themeCss} from '../src/export/site-theme.ts'
import {runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const css = readFileSync(new URL('../site/site.css', import.meta.url), 'utf8')
const font = (name: string): Uint8Array => readFileSync(new URL(`../fonts/${name}`, import.meta.url))

describe('contrast', () => {
  it('is that of WCAG', () => {
    expect(contrast('#000000', '#ffffff')).toBe(21)
    expect(contrast('#ffffff', '#ffffff')).toBe(1)
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
  })
})

describe('a font file', () => {
  it.each([
    ['NotoSerif_400Regular.ttf', {family: 'Noto Serif', weight: 400, isItalic: false}],
    ['NotoSerif_700Bold_Italic.ttf', {family: 'Noto Serif', weight: 700, isItalic: true}],
    ['DejaVuSansMono-Bold.ttf', {family: 'DejaVu Sans Mono', weight: 700, isItalic: false}],
  ])('says what it is: %s', (name, face) => expect(readFontFace(font(name))).toEqual(face))

  it('is none where it is cut off or something else', () => {
    const whole = font('NotoSerif_400Regular.ttf')
    for (const length of [0, 3, 12, 100]) expect(readFontFace(whole.slice(0, length))).toBeUndefined()
    expect(readFontFace(new TextEncoder().encode('wOF2'.repeat(40)))).toBeUndefined()
  })
})

describe('the style of a theme', () => {
  const plain = {fonts: {}, scale: 1, light: {}, dark: {}, faces: []}

  it('knows the colours that it stands beside', () => {
    const [light = '', dark = '', chosen = ''] = css.match(/^.*--hl-comment.*$/gm) ?? []
    expect(dark.replace(/.*\{ /, '')).toBe(chosen.replace(/.*\{ /, ''))
    const colourIn = (rows: string, name: string): string | undefined =>
      new RegExp(`--${name}: (#\\w+);`).exec(rows)?.[1]
    for (const [scheme, rows] of [
      ['light', light],
      ['dark', dark],
    ] as const) {
      const {text, background, shade, link} = siteColours[scheme]
      const written = ['text', 'bg', 'soft', 'accent'].map((name) => colourIn(rows, name)?.replace(/^#fff$/, '#ffffff'))
      expect(written).toEqual([text, background, shade, link])
      const fixed = ['dim', ...['comment', 'keyword', 'string', 'number', 'title', 'attr'].map((name) => `hl-${name}`)]
      expect(fixed.map((name) => colourIn(rows, name))).toEqual(fixedColours[scheme])
      expect(contrastFaults({light: {background, shade, text}, dark: {}})).toHaveLength(scheme === 'light' ? 0 : 4)
    }
  })

  it('sets colours of one scheme in that scheme alone', () => {
    const style = themeCss({...plain, light: {accent: '#112233', callouts: {tip: '#445566'}}, dark: {link: '#ffffff'}})
    expect(style).toContain('@media screen { :root { --heading: #112233; --callout-tip: #445566; } }')
    expect(style).toContain(
      '@media screen { :root[data-theme="dark"] { --accent: #ffffff; --heading: initial; --callout-tip: initial; } }',
    )
  })

  it('holds names of fonts as strings, whatever they are', () => {
    const family = 'A"; } body { background: url(//tea.example) } </style>'
    const face = {family, weight: 400, isItalic: false, url: 'fonts/font-1.ttf'}
    const style = themeCss({...plain, fonts: {body: family}, faces: [face]})
    expect(style.replace(/"[^"]*"/g, '')).not.toMatch(/tea|body \{|<|\/\//)
    expect(style.match(/[{}]/g)).toHaveLength(4)
  })

  it('is held against what can be read', () => {
    const faults = contrastFaults({light: {link: '#7aa7ff', callouts: {tip: '#eeeeee'}}, dark: {background: '#808080'}})
    expect(faults).toEqual([
      'Unexpected contrast 2.3 of `colours.link` #7aa7ff on the background #ffffff, expected at least 4.5',
      'Unexpected contrast 2.1 of `colours.link` #7aa7ff on the shade #f4f5f7, expected at least 4.5',
      'Unexpected contrast 1.0 of `callouts.tip` #eeeeee on the shade #f4f5f7, expected at least 4.5',
      'Unexpected contrast 3.1 of `dark.text` #e3e7ed on the background #808080, expected at least 4.5',
      'Unexpected contrast 1.8 of `dark.link` #8ab4ff on the background #808080, expected at least 4.5',
      'Unexpected contrast 1.5 of code and notes on `dark.background` #808080, expected at least 4.5',
    ])
  })
})

describe('export html with a theme', () => {
  let space: Workspace
  beforeEach(() => {
    space = new Workspace()
    space.write('msk-course.yaml', '')
    space.write('notes.md', '# One\n\nWords.\n')
  })
  afterEach(() => space.remove())

  const run = (theme: string) => {
    space.write('theme.yaml', theme)
    return runCli(['export', 'html', 'notes.md', '-o', 'site', '--theme', 'theme.yaml', '--json'], {cwd: space.root})
  }

  it('takes its fonts along, with the licences of those that come with the program', async () => {
    space.write('own/a b.ttf', font('DejaVuSansMono.ttf'))
    const {code, stdout} = await run(
      'fonts: {files: [own/a b.ttf], code: dejavu sans mono, body: Noto Serif}\nsize: 12\ncolours: {link: "#7aa7ff"}\n',
    )
    expect({code, ...JSON.parse(stdout)}).toMatchObject({
      code: 0,
      messages: [{ruleId: 'low-contrast', file: 'theme.yaml', severity: 'warning'}, {ruleId: 'low-contrast'}],
    })
    const style = space.read('site/assets/theme.css')
    expect(style.match(/@font-face/g)).toHaveLength(5)
    expect(style).toContain('--font-body: "Noto Serif", system-ui, sans-serif;')
    expect(style).toContain('--scale: 1.2;')
    const copied = [...style.matchAll(/url\("([^"]+)"\)/g)].map(([, url]) => space.read(`site/assets/${url}`).length)
    expect(Math.min(...copied)).toBeGreaterThan(1000)
    expect(space.read('site/assets/fonts/NotoSerif-OFL.txt')).toContain('SIL Open Font License')
    expect(space.read('site/chapter-01.html')).toContain('<link rel="stylesheet" href="assets/theme.css">')
  })

  it.each([
    'colours: {acent: "#000000"}',
    'colours: {text: red}',
    'dark: {link: "#fff;}"}',
    'fonts: {body: Nowhere}',
    'fonts: {files: [notes.md], body: One}',
    'callouts: {tip: "url(x)"}',
  ])('refuses %s', async (theme) => {
    const {code, stdout} = await run(theme)
    expect({code, ...JSON.parse(stdout)}).toMatchObject({code: 2, error: {code: 'bad-theme'}})
  })

  it.each(['html', 'pdf'])(
    'names a font file that is no font, and says what is wrong with a theme: %s',
    async (format) => {
      space.write('own.ttf', 'hello')
      const faults = {
        'fonts: {files: [own.ttf]}': 'Cannot read the font `own.ttf` of the theme, expected a ttf or otf',
        'fonts: &a [*a]': 'Cannot read the theme: Alias resolution is disabled',
      }
      for (const [theme, message] of Object.entries(faults)) {
        space.write('theme.yaml', theme)
        const args = [
          'export',
          format,
          'notes.md',
          '-o',
          format === 'pdf' ? 'site.pdf' : 'site',
          '--theme',
          'theme.yaml',
        ]
        const {code, stderr} = await runCli(args, {cwd: space.root})
        expect({code, stderr}).toEqual({code: 2, stderr: `error: ${message}\n`})
      }
    },
  )
})
