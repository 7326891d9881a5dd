import type {Command} from 'commander'

/** Adds `init`; `run` gets the folder. */
export function registerInit(program: Command, run: (folder: string | undefined) => Promise<void>): void {
  program
    .command('init')
    .description('start a course: config, outline, templates, git files, a CI workflow')
    .argument('[dir]', 'folder of the course (default: the working folder)')
    .action((folder: string | undefined) => run(folder))
}
