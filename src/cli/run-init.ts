import {existsSync, statSync} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import {basename, join, resolve} from 'node:path'
import {configName} from '../config/find-project-root.ts'
import {shippedPromptsFolder} from '../config/load-prompts.ts'
import {writeWhole} from '../store/write-whole.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {courseFiles} from './init-files.ts'
import {programVersion} from './program-version.ts'
import {displayPath} from './project.ts'
import {Reporter} from './reporter.ts'

/** Starts a course in a folder; files that are there already stay as they are. */
export async function runInit(folder: string | undefined, options: GlobalOptions): Promise<number> {
  const reporter = new Reporter(options)
  const root = resolve(options.cwd, folder ?? '.')
  if (existsSync(join(root, configName))) {
    throw new UsageError(
      'exists',
      `Unexpected \`${displayPath(join(root, configName), options.cwd)}\`, expected a folder without a course; it is left as it is`,
    )
  }
  const stat = statSync(root, {throwIfNoEntry: false})
  if (stat !== undefined && !stat.isDirectory()) {
    throw new UsageError(
      'not-a-folder',
      `Unexpected file \`${displayPath(root, options.cwd)}\`, expected a folder, or a name for a new one`,
    )
  }
  const files = new Map(Object.entries(courseFiles(basename(root), programVersion)))
  // A course that has outlines already needs no sample.
  const outlines = existsSync(join(root, 'outline')) ? await readdir(join(root, 'outline')) : []
  if (outlines.some((name) => name.endsWith('.md'))) files.delete('outline/course.md')
  for (const name of await readdir(shippedPromptsFolder)) {
    if (name.endsWith('.md')) files.set(`prompts/${name}`, await readFile(join(shippedPromptsFolder, name), 'utf8'))
  }
  const written: string[] = []
  const kept: string[] = []
  for (const [name, content] of files) {
    const path = join(root, name)
    if (name === '.gitignore' || name === '.gitattributes') {
      const present = existsSync(path) ? await readFile(path, 'utf8') : ''
      const missing = content.split('\n').filter((line) => line !== '' && !present.split(/\r?\n/).includes(line))
      if (missing.length === 0) continue
      await writeWhole(path, `${present}${present === '' || present.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`)
      written.push(name)
    } else if (existsSync(path)) kept.push(name)
    else {
      await writeWhole(path, content)
      written.push(name)
    }
  }
  if (options.json) reporter.json({version: 1, command: 'init', folder: root, written, kept})
  else {
    for (const name of written) reporter.result(displayPath(join(root, name), options.cwd))
    for (const name of kept) reporter.info(`${displayPath(join(root, name), options.cwd)} was there and is kept`)
    const where = folder === undefined ? '' : ` --cwd ${folder}`
    reporter.info(
      `next: edit outline/course.md (or make it of a list of topics, \`msk-course outline\`), then \`msk-course${where} check\` and \`msk-course${where} build\``,
    )
  }
  return exitCode.clean
}
