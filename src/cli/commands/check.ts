import {type Command, Option} from 'commander'
import type {CheckFlags} from '../run-check.ts'

/** Adds `check`; `run` gets the parsed flags. */
export function registerCheck(program: Command, run: (outlines: string[], flags: CheckFlags) => Promise<void>): void {
  program
    .command('check')
    .description('check outlines, config and templates; sends no request')
    .argument('[outline...]', 'outlines to check (default: outline/**.md, or what the config lists)')
    .addOption(
      new Option(
        '--fix [what]',
        'rewrite irregular directives to the regular form; --fix=ids writes ids into their tags',
      )
        .choices(['forms', 'ids'])
        .preset('forms')
        .default(false),
    )
    .option('--fix-encoding', 'rewrite files that were saved in, or read as, another encoding than UTF-8', false)
    .option('--diff', 'with --fix: print the patch, change nothing', false)
    .option('--readings', 'show how each directive was read', false)
    .option('--strict', 'fail for warnings too', false)
    .addOption(
      new Option('--format <name>', 'text, json, sarif, github or junit').choices([
        'text',
        'json',
        'sarif',
        'github',
        'junit',
      ]),
    )
    .action(run)
}
