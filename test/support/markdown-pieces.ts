import fc from 'fast-check'

const words = [
  ...['foo', 'Kafka', 'max_tokens', 'a', 'x', 'é', 'b1', '10', 'R&D', 'C#', 'w', 'https', 'www', 'e.g.', '日本', '😀'],
  ...['it’s', '“q”', '—', '(c)', '"s"', 'x.y', '5', '1.', '2)'],
]
const marks = [
  ...['*', '**', '_', '__', '***', '`', '``', '[', ']', '(', ')', '!', '<', '>', '&', '&amp;', '&#35;', '\\', '|', '~'],
  ...['~~', '@', '#', '+', '-', '=', ':', '.', '\\*', '\\_', '\\|', '\\`', '\\[', '\\#', '\\\\', '$', '"', '{', '/'],
  ...['^', '[^1]', '[x]', '[ ]', '<br>', '<b>', '</b>', '<T>', '<br/>', '<!-- c -->', 'a@b', 'http://x.y', 'www.a'],
  ...['mailto:', '\u00a0', '\u2003', '\u200b', '…', '_a_', 'a_', '__a__', '  ', '\\\n', '  \n', '\n', '\n', '\t'],
]
const codes = ['`a`', '`a b`', '`acks=all`', '` x `', '`a|b`', '`\\`', '`a\\|b`', '`<T>`', '`` ` ``']
const targets = ['https://a.b/c', '#x', './y_z', 'http://a.b?c=d&e=f', 'u(v)', 'a b']

const word = fc.constantFrom(...words)
const plainInside = fc.oneof({weight: 3, arbitrary: word}, fc.constantFrom('a b', 'a, b', '`x`', 'a *b* c', ' a', 'b '))

/** A run of text as models write it, with marks that mean something else where they stand. */
export const phrasing = fc
  .array(
    fc.oneof(
      {weight: 6, arbitrary: word},
      {weight: 6, arbitrary: fc.constantFrom(' ', ' ', '. ', ', ', ': ', ' - ', ' | ')},
      {weight: 2, arbitrary: plainInside.map((text) => `**${text}**`)},
      {weight: 2, arbitrary: plainInside.map((text) => `*${text}*`)},
      {weight: 2, arbitrary: fc.constantFrom(...codes)},
      {weight: 1, arbitrary: fc.tuple(plainInside, fc.constantFrom(...targets)).map(([a, b]) => `[${a}](${b})`)},
      {weight: 2, arbitrary: fc.constantFrom(...marks)},
    ),
    {minLength: 1, maxLength: 8},
  )
  .map((pieces) => pieces.join(''))

const line = phrasing.map((text) => text.replace(/\n/g, ' '))
const spaces = fc.constantFrom('', '', '', ' ', '   ', '     ')
const ends = fc.constantFrom('', '', '', '  ', ' ', '\\')

const paragraph = fc
  .array(fc.tuple(spaces, phrasing, ends), {minLength: 1, maxLength: 3})
  .map((lines) => lines.map((parts) => parts.join('')).join('\n'))

const heading = fc
  .tuple(
    fc.integer({min: 1, max: 4}),
    fc.constantFrom(' ', ' ', '  ', ''),
    line,
    fc.constantFrom('', '', ' #', '##', ' ## '),
  )
  .map(([depth, gap, text, end]) => '#'.repeat(depth) + gap + text + end)

const fence = fc
  .tuple(
    fc.constantFrom('```', '```', '~~~', '````'),
    fc.constantFrom('', '', 'bash', 'js title="x"', ' java ', 'c++', 'a`b'),
    fc.array(fc.constantFrom('x = 1', '', '  y', '   ', '```', '~~~', '# c', '- z', '\tt', '`````'), {maxLength: 4}),
    fc.constantFrom('', '', '', ' ', '`', 'x'),
  )
  .map(([mark, lang, lines, end]) => [mark + lang, ...lines, end === 'x' ? '' : mark + end].join('\n'))

const cell = fc.oneof(line, word, fc.constantFrom('', '`a\\|b`', 'x\\|y'))
const row = (length: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('|', '|', '| ', ''),
      fc.array(cell, {minLength: length - 1, maxLength: length + 1}),
      fc.constantFrom('|', '|', ' |  ', ''),
    )
    .map(([start, cells, end]) => start + cells.map((text) => ` ${text} `).join('|') + end)

const table = fc.integer({min: 1, max: 3}).chain((length) =>
  fc
    .tuple(
      row(length),
      fc.array(fc.constantFrom('---', ' --- ', ':-:', '-:', ':--', '-', ' : '), {
        minLength: length,
        maxLength: length,
      }),
      fc.array(row(length), {maxLength: 3}),
    )
    .map(([head, delimiters, rows]) => [head, `|${delimiters.join('|')}|`, ...rows].join('\n')),
)

const rule = fc.constantFrom('---', '***', '___', '* * *', '- - -', '-----', '--- ', '**', '--', '===')
const html = fc.constantFrom(
  '<details>',
  '<summary>a</summary>',
  '</details>',
  '<details>\n<summary>x</summary>',
  '<br>',
  '<div>',
)

function indentRest(text: string, by: number): string {
  return text.replace(/\n(?=[^\n])/g, `\n${' '.repeat(by)}`)
}

const {block} = fc.letrec<{block: string; list: string; quote: string}>((tie) => ({
  block: fc.oneof(
    {maxDepth: 4},
    paragraph,
    paragraph,
    heading,
    fence,
    table,
    rule,
    html,
    fc.constant('[!NOTE]\ntext'),
    tie('quote'),
    tie('list'),
    tie('list'),
    tie('list'),
    tie('list'),
  ),
  quote: fc
    .tuple(tie('block'), fc.constantFrom('> ', '> ', '>', ' > '))
    .map(([text, mark]) => mark + text.replace(/\n/g, `\n${mark}`)),
  list: fc
    .tuple(
      fc.constantFrom('-', '-', '*', '+', '1.', '1.', '2.', '1)', '10.'),
      fc.constantFrom(0, 0, 0, 1, 2, 3),
      fc.array(
        fc.record({
          gap: fc.constantFrom(1, 1, 1, 2, 3, 3, 4, 5),
          lead: fc.oneof(line, line, fc.constantFrom('[ ] a', '[x] b', '**Term**: text', ''), tie('block')),
          rest: fc.array(fc.tuple(fc.constantFrom('\n', '\n\n', '\n\n', '\n \n'), tie('block')), {maxLength: 2}),
          off: fc.constantFrom(0, 0, 0, 0, 0, -1, 1, 2),
          end: fc.constantFrom('\n', '\n', '\n', '\n\n', '\n\n\n', '\n  \n'),
          other: fc.constantFrom(undefined, undefined, undefined, undefined, '-', '3.'),
        }),
        {minLength: 1, maxLength: 4},
      ),
    )
    .map(([marker, base, items]) =>
      items
        .map(({gap, lead, rest, off, end, other}, number) => {
          const own = other ?? marker.replace(/\d+/, (first) => String(Number(first) + number))
          const body = lead + rest.map((parts) => parts.join('')).join('')
          const lines = indentRest(body.replace(/\n+$/, ''), Math.max(0, base + own.length + gap + off))
          return ' '.repeat(base) + own + ' '.repeat(gap) + lines + end
        })
        .join(''),
    ),
}))

/** Markdown with every kind of block that models write, close to the edges of what each of them is. */
export const markdown = fc
  .array(fc.tuple(block, fc.constantFrom('\n\n', '\n\n', '\n\n', '\n', '\n\n\n')), {minLength: 1, maxLength: 4})
  .map((blocks) => blocks.flat().slice(0, -1).join(''))
