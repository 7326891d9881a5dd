import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {courseBook, courseIds} from './fault-course.ts'
import type {FaultServer} from './fault-server.ts'
import {promptAnsweredBy} from './known-answer.ts'
import type {CliResult} from './run-cli.ts'
import {filesBelow, readStoredAnswers} from './stored-answers.ts'
import {spoiledMark} from './wire-faults.ts'

/** The key that every run is given; it may be nowhere but in the requests' headers. */
export const canaryKey = 'sk-CANARY-0f1e2d3c4b5a69788796a5b4c3d2e1f0'

/** What is known of a project before a run, so that the run can be judged. */
export interface Before {
  /** Number of requests that the server had seen. */
  readonly seen: number
  /** Answers in the store. */
  readonly kept: ReadonlySet<string>
  /** The book as it stood; undefined for none. */
  readonly book: string | undefined
}

/** A project as the checks see it. */
export interface Observed {
  /** Root of the project, as this process sees it. */
  readonly root: string
  readonly server: FaultServer
  /** How many directives its outline has. */
  readonly count: number
  /** Editions of the outline that texts of the book may be of, `undefined` where a text may be missing. */
  readonly editions: readonly (string | undefined)[]
  /** Ids that runs so far have said to be in doubt, one entry each time. */
  readonly doubted: readonly string[]
}

/**
 * What a run broke of the promises that hold whatever happens, one line each; none for a sound run.
 *
 * - kept: an answer in the store stays there and is never asked for again
 * - once: no right answer is delivered more often than once, but for those that a run reported as in doubt
 * - whole: the book is the old one or the new one, byte by byte, and the manifest is not cut off
 * - true: the store and the section files hold right answers only, under the address of their content
 * - secret: the key is in no file and in no output
 * - clear: no stack, no report of a bug, no warning of Node's
 */
export function brokenPromises(observed: Observed, before: Before, result: CliResult): string[] {
  return [
    ...brokenKept(observed, before),
    ...brokenOnce(observed),
    ...brokenWhole(observed, before, result),
    ...brokenTrue(observed),
    ...brokenSecret(observed, result),
    ...brokenClear(result),
  ]
}

/** What the checks need to know before a run. */
export function observeBefore({root, server}: Pick<Observed, 'root' | 'server'>): Before {
  return {seen: server.exchanges.length, kept: readStoredAnswers(root).kept, book: readIfThere(bookPath(root))}
}

/** Ids that a run reports as in doubt. */
export function doubtsReported({stderr}: CliResult): string[] {
  return /in doubt/i.test(stderr) ? [...new Set(stderr.match(/\bp\d\d+\b/g) ?? [])] : []
}

function brokenKept({root, server}: Observed, {seen, kept}: Before): string[] {
  const now = readStoredAnswers(root).kept
  return [
    ...[...kept].filter((answer) => !now.has(answer)).map((answer) => `kept: ${answer} is gone from the store`),
    ...server.exchanges
      .slice(seen)
      .filter(({id, edition}) => kept.has(`${id} ${edition}`))
      .map(({id, edition}) => `kept: ${id} ${edition} was stored and is asked for again`),
  ]
}

function brokenOnce({server, doubted}: Observed): string[] {
  const deliveries = new Map<string, number>()
  for (const {id, edition, state} of server.exchanges) {
    if (state === 'delivered') deliveries.set(`${id} ${edition}`, (deliveries.get(`${id} ${edition}`) ?? 0) + 1)
  }
  return [...deliveries].flatMap(([answer, times]) => {
    const allowed = 1 + doubted.filter((id) => answer.startsWith(`${id} `)).length
    return times <= allowed ? [] : [`once: ${answer} was delivered ${times} times, ${allowed - 1} of them in doubt`]
  })
}

function brokenWhole({root, count, editions}: Observed, before: Before, {code}: CliResult): string[] {
  const broken: string[] = []
  const book = readIfThere(bookPath(root))
  const isOldOrNew =
    book === before.book || editions.some((edition) => edition !== undefined && book === courseBook(count, edition))
  // A build that ends by itself without all new texts writes a whole book of the texts that there are.
  if (!isOldOrNew && !(code !== null && isPatchwork(book ?? '', count, editions)))
    broken.push(`whole: book.md is neither the old nor the new one: ${book?.slice(0, 1000)}`)
  const manifest = readIfThere(join(root, 'output', 'course', 'manifest.json'))
  if (manifest === undefined) return broken
  try {
    const {directives} = JSON.parse(manifest) as {directives: {id: string}[]}
    if (directives.map(({id}) => id).join() !== courseIds(count).join()) broken.push('whole: rows of manifest.json')
  } catch {
    // Not JSON: it was cut off.
    broken.push(`whole: manifest.json is cut off: ${manifest.slice(-80)}`)
  }
  return broken
}

/**
 * Whether each part of a book holds its answer in one of the editions, or, where there may be no book yet, says that it
 * has none, and nothing else is in it.
 */
function isPatchwork(book: string, count: number, editions: Observed['editions']): boolean {
  const texts = courseIds(count).map((id) => book.match(new RegExp(`^## Part ${id}\n\n(.*)\n`, 'm'))?.[1] ?? '')
  const areKnown = courseIds(count).every((id, number) => {
    const text = texts[number] as string
    if (text === `*Not written yet: ${id}*`) return editions.includes(undefined)
    const prompt = promptAnsweredBy(text)
    return prompt?.id === id && editions.includes(prompt.edition)
  })
  return areKnown && book === courseBook(count, (id) => texts[courseIds(count).indexOf(id)] as string)
}

function bookPath(root: string): string {
  return join(root, 'output', 'course', 'book.md')
}

function brokenTrue({root}: Observed): string[] {
  const broken = readStoredAnswers(root).wrong.map((what) => `true: ${what}`)
  for (const path of filesBelow(join(root, 'output', 'course', 'sections'), '.md')) {
    const text = readFileSync(path, 'utf8')
    const body = /^---\n[^]*?\n---\n\n([^]*)\n$/.exec(text)?.[1]
    if (body === undefined || promptAnsweredBy(body) === undefined) broken.push(`true: ${path} holds ${text}`)
  }
  const output = readIfThere(bookPath(root)) ?? ''
  if (output.includes(spoiledMark)) broken.push('true: book.md holds a spoiled body')
  return broken
}

function brokenSecret({root}: Observed, {stdout, stderr}: CliResult): string[] {
  const broken = [stdout, stderr].some((text) => text.includes(canaryKey)) ? ['secret: the key was printed'] : []
  for (const entry of readdirSync(root, {recursive: true, withFileTypes: true})) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    if (readFileSync(path).includes(canaryKey)) broken.push(`secret: the key is in ${path}`)
  }
  return broken
}

function brokenClear({stderr}: CliResult): string[] {
  const noise = /^\s+at .+:\d+:\d+\)?$|this is a bug|UnhandledPromise|\(node:\d+\)|Warning:|NaN|\[object /m.exec(stderr)
  return noise === null ? [] : [`clear: stderr holds ${JSON.stringify(noise[0])}:\n${stderr.slice(0, 1500)}`]
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
