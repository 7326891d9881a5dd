import {posix} from 'node:path'
import {VFile} from 'vfile'
import type {Config} from '../config/config-schema.ts'
import type {BookSide, SideSection} from '../diff/book-side.ts'
import {placeAt, readPassages} from '../diff/read-passages.ts'
import type {Job} from '../model/job.ts'
import {planJobs} from '../plan/plan-jobs.ts'
import {promptAddress} from '../plan/render-request.ts'
import type {FileTree} from '../store/file-tree.ts'
import {parseManifest} from '../store/manifest.ts'
import {parseOutline} from '../syntax/parse-outline.ts'
import {matchSectionFiles} from './book-texts.ts'
import {companionOutlineName, companionTargets} from './companion-targets.ts'
import {UsageError} from './exit-codes.ts'
import {type OutputFiles, outputForms, readOutputFiles} from './output-book.ts'
import {bookName, outlinesAmong} from './project.ts'
import {type SideBook, textOf} from './side-book.ts'

/** An outline of a tree and the folder of its book, as paths from the tree's top. */
export interface TreeTarget {
  readonly name: string
  readonly outline: string
  readonly output: string
}

/** The outlines of a project's tree; where none is where outlines are, those that manifests below `output/` name. */
export async function findTreeTargets(tree: FileTree, config: Config | undefined): Promise<TreeTarget[]> {
  const files = (await tree.list('')).filter((path) => /\.(?:md|markdown)$/i.test(path) && !path.startsWith('output/'))
  const outlines = outlinesAmong(files, config)
  if (outlines.length > 0) {
    const courses = outlines.map((outline) => treeTarget(outline))
    return [...courses, ...treeCompanions(courses, config)]
  }
  const manifests = (await tree.list('output')).filter((path) => path.endsWith('/manifest.json'))
  return [...(await tree.read(manifests))].flatMap(([path, text]) => {
    const output = posix.dirname(path)
    const outline = posix.join(output, parseManifest(text, path)?.outline ?? '')
    return files.includes(outline) ? [{...treeTarget(outline), output}] : []
  })
}

/** The companions of a tree's courses; none where the config of that side asks for some that its outlines cannot give. */
function treeCompanions(courses: readonly TreeTarget[], config: Config | undefined): TreeTarget[] {
  const targets = courses.map(({name, outline, output}) => ({
    name,
    outlinePath: `/${outline}`,
    outputFolder: `/${output}`,
    root: '/',
  }))
  try {
    return companionTargets(config?.companions, targets, '/').map(({name}) => ({
      name,
      outline: `output/${name}/${companionOutlineName}`,
      output: `output/${name}`,
    }))
  } catch (error) {
    if (error instanceof UsageError) return []
    throw error
  }
}

/** An outline with the name and the folder of its book. */
export function treeTarget(outline: string): TreeTarget {
  const name = bookName(`/${outline}`, '/')
  return {name, outline, output: `output/${name}`}
}

/** Reads a book of a tree; undefined where neither its outline nor its own folder is there. */
export async function readTreeBook(
  tree: FileTree,
  {name, outline, output}: TreeTarget,
  config: Config | undefined,
): Promise<SideBook | undefined> {
  const [source, files] = await Promise.all([tree.read([outline]), readOutputFiles(tree, output)])
  const text = source.get(outline)
  const forms = {
    ...(text === undefined ? {} : {outline: () => bookOfOutline(name, outline, text, files, config)}),
    ...outputForms(name, files),
  }
  return Object.keys(forms).length === 0 ? undefined : {name, forms}
}

/** The book as its outline has it, with the section files that stand for its directives (contract, F1). */
function bookOfOutline(
  name: string,
  path: string,
  source: string,
  files: OutputFiles,
  config: Config | undefined,
): BookSide {
  const file = new VFile({path, value: source})
  const outline = parseOutline(file, {tagNames: config?.tags ?? []})
  // What reads what plays no role here.
  const plan = planJobs(outline, file, {context: 'none'})
  const {texts} = matchSectionFiles(files, plan, promptAddress)
  const sections = [...plan.jobs.values()].map(
    (job): SideSection => ({
      id: job.id,
      sectionId: job.sectionId,
      title: job.headingPath.at(-1) ?? '',
      place: placeAt(job.directive.position.start.offset ?? 0),
      prompt: {address: promptAddress(job), text: promptText(job)},
      line: job.directive.position.start.line,
      kind: job.kind,
      ...(job.directive.attributes.tags === undefined ? {} : {tags: job.directive.attributes.tags}),
      ...textOf(texts.get(job.id)?.file),
    }),
  )
  return {name, sections, passages: readPassages(outline)}
}

/** A prompt with those attributes that change what is asked, as they are compared and shown. */
function promptText({directive: {value, attributes}}: Job): string {
  const {words, maxTokens, sources} = attributes
  const asked = [
    ...(words === undefined ? [] : [`words: ${words.min}-${words.max}`]),
    ...(maxTokens === undefined ? [] : [`max-tokens: ${maxTokens}`]),
    ...(sources === undefined ? [] : [`sources: ${sources.join(', ')}`]),
  ]
  return asked.length === 0 ? value : `${value}\n\n${asked.join('; ')}`
}
