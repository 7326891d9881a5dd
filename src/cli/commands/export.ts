import {Argument, type Command, Option} from 'commander'
import {paperNames} from '../../export/pdf-look.ts'
import {exportFormats} from '../export-formats.ts'
import type {ExportFlags} from '../run-export.ts'
import {nonEmpty} from './options.ts'

/** Adds `export`; `run` gets the format, the book and the parsed flags. */
export function registerExport(
  program: Command,
  run: (format: string, book: string | undefined, flags: ExportFlags) => Promise<void>,
): void {
  const summaries = Object.entries(exportFormats).map(([name, {summary}]) => `${name}: ${summary}`)
  program
    .command('export')
    .description('make a book that people read, from book.md; sends nothing')
    .addArgument(new Argument('<format>', summaries.join('; ')).choices(Object.keys(exportFormats)))
    .argument('[book]', "outline, name or book.md of a book, or any Markdown file (default: the project's book)")
    .option('-o, --output <path>', "file or folder to write (default: in the book's folder)", nonEmpty)
    .addOption(
      new Option('--answers <place>', "where quizzes' answers stand: inline, chapter or end")
        .choices(['inline', 'chapter', 'end'])
        .default('chapter'),
    )
    .addOption(
      new Option('--paper <size>', 'pdf, docx: size of the pages (default: a4)').choices(paperNames).conflicts('trim'),
    )
    .option('--trim <WxH>', 'pdf, docx: size of the pages, such as 6x9in or 170x240mm', nonEmpty)
    .option('--theme <file>', 'pdf, html: fonts, sizes and colours, as YAML', nonEmpty)
    .option('--print', 'pdf: to be bound: a gutter, black links, addresses as footnotes', false)
    .option('--allow-missing', 'export a book in which texts are missing', false)
    .option('--strict', 'fail for warnings too', false)
    .action(run)
}
