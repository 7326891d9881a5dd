import {readFile} from 'node:fs/promises'
import {VFile} from 'vfile'
import type {AddedHeading, Adoption} from '../book/plan-adoption.ts'
import {ReplacedTexts} from '../store/replaced-texts.ts'
import {SectionsFolder} from '../store/sections-folder.ts'
import {writeWhole} from '../store/write-whole.ts'
import {LineIndex} from '../syntax/line-index.ts'
import {findOuterFence} from '../syntax/outer-fence.ts'
import {parseOutline} from '../syntax/parse-outline.ts'
import type {BookPlan} from './build-book.ts'
import {UsageError} from './exit-codes.ts'
import type {LoadedOutline} from './load-course.ts'
import type {OpenBooks} from './open-books.ts'
import {displayPath} from './project.ts'
import {writeEditedText} from './write-edited-text.ts'

/** Writes what is adopted, the outline last; what changed in the meantime is left as it is, and that is a usage error. */
export async function writeAdoption(
  {texts, added}: Adoption,
  plan: BookPlan,
  {config}: OpenBooks,
  cwd: string,
): Promise<void> {
  const {loaded} = plan.context
  const {root, outlinePath, outputFolder, companion} = loaded.target
  if (companion !== undefined && added.length > 0) {
    throw new UsageError(
      'generated-outline',
      `Cannot put new headings into \`${displayPath(outlinePath, cwd)}\`, which is rendered; put them into the template \`prompts/companions/${companion.template}.md\``,
    )
  }
  const source = added.length === 0 ? undefined : withHeadings(loaded, added, config.tags ?? [], cwd)
  const before = await readFile(outlinePath)
  if (source !== undefined && before.toString('utf8').replace(/^\ufeff/, '') !== loaded.outline.source) {
    throw new UsageError(
      'changed-outline',
      `Unexpected change of \`${displayPath(outlinePath, cwd)}\` while this ran, expected it to stay; run it again`,
    )
  }
  const sections = new SectionsFolder(outputFolder)
  const replaced = new ReplacedTexts(root, outputFolder)
  for (const [id, {text}] of texts) {
    const old = plan.texts.get(id)?.file.source
    if (old !== undefined) await replaced.keep(id, old)
    if (await writeEditedText(id, text, plan.texts.get(id), sections)) continue
    throw new UsageError(
      'changed-section',
      `Unexpected change of the section file of \`${id}\` while this ran, expected it to stay; run it again`,
    )
  }
  if (source === undefined) return
  const hasMark = before.toString('utf8').startsWith('\ufeff')
  await writeWhole(outlinePath, `${hasMark ? '\ufeff' : ''}${source}`)
}

/** The outline with new headings; refuses those that would make it another outline: a directive more, or one that moved. */
function withHeadings(
  {outline, target}: LoadedOutline,
  added: readonly AddedHeading[],
  tagNames: readonly string[],
  cwd: string,
): string {
  const {source} = outline
  const lineEnd = /\r\n/.test(source) ? '\r\n' : '\n'
  const index = new LineIndex(source)
  let made = ''
  let at = 0
  const inOrder = added.map((heading) => ({
    heading,
    start: heading.before === undefined ? source.length : index.start(heading.before - 1),
  }))
  for (const {heading, start} of inOrder.sort((one, other) => one.start - other.start)) {
    made += source.slice(at, start)
    if (start === source.length) made = made.trimEnd() + lineEnd + lineEnd
    made += (heading.markdown + (start === source.length ? '\n' : '\n\n')).replaceAll('\n', lineEnd)
    at = start
  }
  made += source.slice(at)
  const parsed = parseOutline(new VFile({path: outline.path, value: made}), {tagNames: [...tagNames]})
  const same =
    parsed.directives.length === outline.directives.length &&
    parsed.directives.every(({value}, number) => value === outline.directives[number]?.value)
  // At the end, a heading would stand behind the fence that such an outline is in.
  const isInFence = findOuterFence(source) === undefined || added.every(({before}) => before !== undefined)
  if (same && isInFence) return made
  throw new UsageError(
    'unfit-heading',
    `Cannot put the new headings into \`${displayPath(target.outlinePath, cwd)}\`: its directives would be other ones; put them there by hand`,
  )
}
