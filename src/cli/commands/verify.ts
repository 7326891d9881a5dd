import {type Command, Option} from 'commander'
import {messageFormats} from '../format-messages.ts'
import type {VerifyFlags} from '../run-verify.ts'

/** Adds `verify`; `run` gets the parsed flags. */
export function registerVerify(
  program: Command,
  run: (book: string | undefined, flags: VerifyFlags) => Promise<void>,
): void {
  program
    .command('verify')
    .description('check the texts that stand: contracts, links, anchors, terms, code; sends no request to a model')
    .argument('[book]', 'outline, name or book.md of a book (default: all books of the project)')
    .option('--check-links', 'also ask the web whether links lead anywhere', false)
    .option('--allow-private', 'with --check-links: also ask loopback and private addresses', false)
    .option('--require-reviewed', 'fail for each text that nobody read as it stands; `accept` marks them', false)
    .option('--grounding', 'also list sentences that no passage of the sources supports', false)
    .option('--strict', 'fail for warnings too', false)
    .addOption(new Option('--format <name>', 'text, json, sarif, github or junit').choices([...messageFormats]))
    .action(run)
}
