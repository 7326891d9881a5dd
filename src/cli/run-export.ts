import {extname, join, resolve} from 'node:path'
import type {AnswerPlace} from '../export/lay-out-quizzes.ts'
import {applyRuleSettings, messageSeverity} from '../model/report.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import {exportDate} from './export-date.ts'
import {exportFormats} from './export-formats.ts'
import {readExportSource} from './export-source.ts'
import {formatMessages} from './format-messages.ts'
import type {GlobalOptions} from './global-options.ts'
import {messageRows} from './message-row.ts'
import {displayPath} from './project.ts'
import {reportDiagrams} from './report-diagrams.ts'
import {Reporter} from './reporter.ts'
import {writeExport} from './write-export.ts'

export interface ExportFlags {
  readonly output?: string
  readonly answers: AnswerPlace
  readonly paper?: string
  readonly trim?: string
  readonly print: boolean
  readonly theme?: string
  readonly allowMissing: boolean
  readonly strict: boolean
}

/** Exports a book to one format. Sends nothing; writes the export and nothing else. Gives the exit code. */
export async function runExport(
  formatName: string,
  name: string | undefined,
  flags: ExportFlags,
  options: GlobalOptions,
): Promise<number> {
  const reporter = new Reporter(options)
  const format = exportFormats[formatName]
  if (format === undefined) throw new UsageError('bad-format', `Unexpected format \`${formatName}\``)
  const render = await format.load()
  const source = await readExportSource(name, options)
  const modified = exportDate(source.book.metadata, process.env.SOURCE_DATE_EPOCH)
  if (source.missing.length > 0 && !flags.allowMissing) {
    const count = source.missing.length === 1 ? '1 text is' : `${source.missing.length} texts are`
    const reason = `Cannot export \`${source.name}\`: ${count} missing, the first is \`${source.missing[0]}\`; \`build\` makes them, --allow-missing exports without`
    throw new UsageError('missing-texts', reason)
  }
  const {extension} = format
  const output =
    flags.output === undefined
      ? join(source.folder, extension === undefined ? formatName : `${source.name}${extension}`)
      : resolve(options.cwd, flags.output)
  if (extension !== undefined && extname(output).toLowerCase() !== extension) {
    throw new UsageError(
      'bad-flag',
      `Unexpected output \`${flags.output}\`, expected a file that ends in \`${extension}\``,
    )
  }
  reportDiagrams(source)
  const files = await render(source, {
    answers: flags.answers,
    size: flags.trim ?? flags.paper ?? 'a4',
    isPrint: flags.print,
    modified,
    ...(flags.theme === undefined ? {} : {theme: resolve(options.cwd, flags.theme)}),
  })
  const reported = source.reported()
  for (const file of reported) applyRuleSettings(file, source.rules)
  await writeExport(output, files, {isFolder: extension === undefined, cwd: options.cwd})
  const shown = displayPath(output, options.cwd)
  const severities = reported.flatMap(({messages}) => messages.map(messageSeverity))
  if (options.json) {
    const messages = messageRows(reported)
    reporter.json({
      version: 1,
      command: 'export',
      format: formatName,
      book: source.name,
      output: shown,
      files: files.length,
      messages,
    })
  } else {
    if (severities.length > 0 && !options.quiet)
      reporter.raw(
        await formatMessages(reported, 'text', {
          isVerbose: options.verbose,
          hasColor: reporter.hasColor,
          cwd: options.cwd,
        }),
      )
    const {chapters, glossary, quizzes} = source.book
    const counts = [
      counted(chapters.length, 'chapter', 'chapters'),
      counted(quizzes.length, 'quiz', 'quizzes'),
      counted(glossary.length, 'term', 'terms'),
    ]
    reporter.info(`${shown}: ${counts.join(', ')}`)
  }
  const fails = severities.includes('error') || (flags.strict && severities.includes('warning'))
  return fails ? exitCode.findings : exitCode.clean
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
