import {tolerateClosedPipe} from './tolerate-closed-pipe.ts'
import {workingFolder} from './working-folder.ts'

/** Runs the program: a `build` that has nothing to do by its stamp alone, all else by the commands. */
export async function start(argv: readonly string[]): Promise<void> {
  tolerateClosedPipe(process.stdout)
  tolerateClosedPipe(process.stderr)
  if (argv.includes('build') && !argv.includes('--help') && workingFolder() !== undefined) {
    const {tryWarmBuild} = await import('./warm-build.ts')
    if (await tryWarmBuild(argv)) return
  }
  const {main} = await import('./main.ts')
  await main(argv)
}
