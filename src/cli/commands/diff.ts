import {type Command, Option} from 'commander'
import {type DiffFlags, diffFormats} from '../diff-flags.ts'
import {nonEmpty} from './options.ts'

/** Adds `diff`; `run` gets the sides and the parsed flags. */
export function registerDiff(
  program: Command,
  run: (base: string | undefined, head: string | undefined, flags: DiffFlags) => Promise<void>,
): void {
  program
    .command('diff')
    .description('compare two sides of a book section by section; sends and writes nothing')
    .argument('[base]', 'side before: a git revision, a folder or a book file (default: HEAD)')
    .argument('[head]', 'side after (default: the work tree)')
    .option('--previous', 'compare with what the books were before the last build that changed them', false)
    .option('--merge-base', 'compare with the commit at which base and head parted', false)
    .option('--section <selector>', 'only these sections; BOOK: before it', nonEmpty)
    .option(
      '--outline <file>',
      'outline of the book to compare; may be repeated (default: all of the project)',
      addFile,
    )
    .option('--out <dir>', "the book's own folder; for one outline", nonEmpty)
    .addOption(new Option('--format <name>', 'text, markdown, json or html').choices([...diffFormats]))
    .option('-o, --output <file>', 'write the result to a file', nonEmpty)
    .action(run)
}

function addFile(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, nonEmpty(value)]
}
