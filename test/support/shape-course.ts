import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {parse} from 'yaml'
import {fixturesRoot} from './fixtures.ts'

/** A broken shape of a completion, and what a reader wants of it. */
export interface Shape {
  /** `file: name`. */
  readonly key: string
  readonly raw: string
  /** Title of the section that it is written for. */
  readonly title: string
  /** The text as it should be, headings from depth 1. Default: as the completion is. */
  readonly want?: string
  /** The same in a list item, where it differs by more than headings that are bold paragraphs. */
  readonly wantInItem?: string
  /** Words that named repairs take off, and words that they bring. */
  readonly lost: readonly string[]
  readonly gained: readonly string[]
  /** Rule ids of repairs in a section of its own, shifted headings aside, sorted. */
  readonly repairs: readonly string[]
  readonly findings: readonly string[]
}

/** Where a completion goes: depth of its section, or depth of its list item, or behind a label. */
export interface Place {
  readonly container: 'block' | 'item' | 'label'
  readonly depth: number
}

export const places: readonly Place[] = [
  {container: 'block', depth: 1},
  {container: 'block', depth: 2},
  {container: 'block', depth: 3},
  {container: 'item', depth: 1},
  {container: 'item', depth: 2},
  {container: 'item', depth: 3},
  {container: 'label', depth: 1},
]

/** Every shape of `test/fixtures/shapes`. */
export function readShapes(): Shape[] {
  const folder = join(fixturesRoot, 'shapes')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) =>
      (parse(readFileSync(join(folder, name), 'utf8')) as (Partial<Shape> & {name: string; raw: string})[]).map(
        (shape): Shape => ({
          title: 'Plain Title',
          lost: [],
          gained: [],
          findings: [],
          ...shape,
          repairs: [...(shape.repairs ?? [])].sort(),
          key: `${name.replace('.yaml', '')}: ${shape.name}`,
        }),
      ),
    )
}

/**
 * Numbers of the places that a shape is put in: a section, an item and a label, whose depths go round from shape to
 * shape; all of them with `SHAPES=all`.
 */
export function placesOf(shape: number): number[] {
  if (process.env.SHAPES === 'all') return places.map((_, at) => at)
  return [shape % 3, 3 + ((shape + 1) % 3), 6]
}

/** The own text that stands before and behind each directive. */
export function ownText(side: 'Before' | 'Behind', shape: number, place: number): string {
  return `${side} s${shape}p${place}.`
}

/** A course that asks for every shape in its places; `write` gives what stands where its directive does. */
export function shapeOutline(shapes: readonly Shape[], write: (shape: number, place: number) => string): string {
  const parts = shapes.map(({title}, shape) => {
    const own = new Set(placesOf(shape))
    const at = (place: number): string[] =>
      own.has(place)
        ? [ownText('Before', shape, place), write(shape, place), ownText('Behind', shape, place)]
        : [`Own text of ${place}.`]
    const block = (place: number): string => `${'#'.repeat(place + 1)} ${title}\n\n${at(place).join('\n\n')}\n`
    const items = (place: number): string => {
      const indent = '  '.repeat(place - 3)
      return at(place)
        .map((text) => `${indent}- ${text}\n`)
        .join('')
    }
    const [before = '', directive = '', behind = ''] = at(6)
    const label = `- ${before}\n- **Label:** ${directive}\n- ${behind}\n`
    return `${[0, 1, 2].map(block).join('\n')}\n## ${title}\n\n${[3, 4, 5].map(items).join('')}\n### ${title}\n\n${label}\n`
  })
  return `${parts.join('\n')}\n[docs]: https://author.example/docs\n[1]: https://author.example/1\n\n[^1]: Own note.\n[^9]: Own other note.\n`
}
