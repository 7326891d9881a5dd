import {type Command, Option} from 'commander'
import {numberings} from '../../topics/chapter-label.ts'
import type {OutlineFlags} from '../run-outline.ts'
import {addSpendingOptions, nonEmpty} from './options.ts'

/** Adds `outline`; `run` gets the topic list and the parsed flags. */
export function registerOutline(program: Command, run: (topics: string, flags: OutlineFlags) => Promise<void>): void {
  const command = program
    .command('outline')
    .description('make a prompted outline from a topic list, or merge the changed list into it')
    .argument('<topics>', 'Markdown file with chapters, bullets, #tags and [n] citations')
    .requiredOption('-o, --output <file>', 'outline to write or to update; - prints it', nonEmpty)
    .addOption(
      new Option('--numbering <how>', 'how chapters are numbered (default: as before, else roman)').choices(numberings),
    )
    .option('--coverage', 'say for each line of the list which directive covers it; 1 if one is not covered', false)
    .option('--diff', 'print the patch, write nothing', false)
    .option('--refine', 'have a model better the wording of the prompts; needs a provider', false)
  addSpendingOptions(command).action(run)
}
