import {statSync} from 'node:fs'
import {resolve} from 'node:path'
import {Command, CommanderError} from 'commander'
import {NewerFormatError} from '../model/newer-format-error.ts'
import {systemFaultCode} from '../model/system-fault.ts'
import {registerAccept} from './commands/accept.ts'
import {registerAdopt} from './commands/adopt.ts'
import {registerBuild} from './commands/build.ts'
import {registerCheck} from './commands/check.ts'
import {registerDiff} from './commands/diff.ts'
import {registerExport} from './commands/export.ts'
import {registerInit} from './commands/init.ts'
import {registerList} from './commands/list.ts'
import {registerOutline} from './commands/outline.ts'
import {registerRegenerate} from './commands/regenerate.ts'
import {registerRevert} from './commands/revert.ts'
import {registerRevise} from './commands/revise.ts'
import {registerStore} from './commands/store.ts'
import {registerTry} from './commands/try.ts'
import {registerVerify} from './commands/verify.ts'
import {registerWhy} from './commands/why.ts'
import {escapeTerminal, terminalSafeJson} from './escape-terminal.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {programVersion} from './program-version.ts'
import {workingFolder} from './working-folder.ts'

/** The command line. Commands are loaded when they are called. */
export function makeProgram(): Command {
  const program = new Command('msk-course')
  program
    .description('Write an outline with prompts in it; get a book you can edit, review in git and publish')
    .version(programVersion, '--version', 'print the version')
    .option('--cwd <dir>', 'folder that paths start from')
    .option('--config <file>', 'config to use (default: the nearest msk-course.yaml)')
    .option('--json', 'print one JSON document to stdout', false)
    .option('--quiet', 'print errors only', false)
    .option('--verbose', 'print more', false)
    .option('--no-color', 'print without colours')
    .helpOption('--help', 'print help')
    .helpCommand(false)
    .showHelpAfterError(false)
    .showSuggestionAfterError(true)
    .configureHelp({showGlobalOptions: true})
    .exitOverride()
    .configureOutput({outputError: () => undefined})
  registerInit(program, async (folder) =>
    finish(await (await import('./run-init.ts')).runInit(folder, globalOptions(program))),
  )
  registerOutline(program, async (topics, flags) =>
    finish(await (await import('./run-outline.ts')).runOutline(topics, flags, globalOptions(program))),
  )
  registerCheck(program, async (outlines, flags) =>
    finish(await (await import('./run-check.ts')).runCheck(outlines, flags, globalOptions(program))),
  )
  registerTry(program, async (outlines, flags) =>
    finish(await (await import('./run-try.ts')).runTry(outlines, flags, globalOptions(program))),
  )
  registerBuild(program, async (outlines, flags) =>
    finish(
      flags.watch === true || flags.poll === true
        ? await (await import('./run-watch.ts')).runWatch(outlines, flags, globalOptions(program))
        : await (await import('./run-build.ts')).runBuild(outlines, flags, globalOptions(program)),
    ),
  )
  registerList(program, async (outlines, flags) =>
    finish(await (await import('./run-list.ts')).runList(outlines, flags, globalOptions(program))),
  )
  registerVerify(program, async (book, flags) =>
    finish(await (await import('./run-verify.ts')).runVerify(book, flags, globalOptions(program))),
  )
  registerWhy(program, async (selectors, flags) =>
    finish(await (await import('./run-why.ts')).runWhy(selectors, flags, globalOptions(program))),
  )
  registerDiff(program, async (base, head, flags) =>
    finish(await (await import('./run-diff.ts')).runDiff(base, head, flags, globalOptions(program))),
  )
  registerAccept(program, async (selectors, flags) =>
    finish(await (await import('./run-accept.ts')).runAccept(selectors, flags, globalOptions(program))),
  )
  registerRegenerate(program, async (selectors, flags) =>
    finish(await (await import('./run-regenerate.ts')).runRegenerate(selectors, flags, globalOptions(program))),
  )
  registerRevise(program, async (selector, note, flags) =>
    finish(await (await import('./run-revise.ts')).runRevise(selector, note, flags, globalOptions(program))),
  )
  registerRevert(program, async (selectors, flags) =>
    finish(await (await import('./run-revert.ts')).runRevert(selectors, flags, globalOptions(program))),
  )
  registerAdopt(program, async (file, flags) =>
    finish(await (await import('./run-adopt.ts')).runAdopt(file, flags, globalOptions(program))),
  )
  registerExport(program, async (format, book, flags) =>
    finish(await (await import('./run-export.ts')).runExport(format, book, flags, globalOptions(program))),
  )
  registerStore(program, {
    verify: async (outlines, flags) =>
      finish(await (await import('./run-store-verify.ts')).runStoreVerify(outlines, flags, globalOptions(program))),
    gc: async (outlines, flags) =>
      finish(await (await import('./run-store-gc.ts')).runStoreGc(outlines, flags, globalOptions(program))),
  })
  for (const command of program.commands.flatMap((own) => [own, ...own.commands]))
    command
      .helpOption('--help', 'print help')
      .exitOverride()
      .configureOutput({outputError: () => undefined})
  return program
}

function finish(code: number): void {
  process.exitCode = code
}

function globalOptions(program: Command): GlobalOptions {
  const flags = program.opts<{
    cwd?: string
    config?: string
    json: boolean
    quiet: boolean
    verbose: boolean
    color: boolean
  }>()
  const noColor = process.env.NO_COLOR
  if (workingFolder() === undefined) {
    throw new UsageError('not-found', 'Cannot find the folder that the command runs in, expected one that is there')
  }
  if (flags.cwd !== undefined && statSync(flags.cwd, {throwIfNoEntry: false})?.isDirectory() !== true) {
    throw new UsageError('not-found', `Unexpected --cwd \`${flags.cwd}\`, expected a folder`)
  }
  if (flags.quiet && flags.verbose)
    throw new UsageError('conflicting-flags', 'Unexpected --quiet with --verbose, expected one or the other')
  return {
    cwd: resolve(flags.cwd ?? '.'),
    json: flags.json,
    quiet: flags.quiet,
    verbose: flags.verbose,
    color: flags.color && (noColor === undefined || noColor === ''),
    ...(flags.config === undefined ? {} : {configPath: flags.config}),
  }
}

/** Runs the command line; every fault ends in a clear line and an exit code, none in an unhandled rejection. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = makeProgram()
  if (argv.length === 0) {
    program.outputHelp()
    return
  }
  try {
    await program.parseAsync(hoistGlobals(argv), {from: 'user'})
  } catch (error) {
    process.exitCode = report(error, argv)
  }
}

/** Global flags may stand behind the command too; commander takes them only before it. */
function hoistGlobals(argv: readonly string[]): string[] {
  const valued = new Set(['--cwd', '--config'])
  const plain = new Set(['--json', '--quiet', '--verbose', '--no-color'])
  const globals: string[] = []
  const rest: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] as string
    if (argument === '--') {
      rest.push(...argv.slice(at))
      break
    }
    if (plain.has(argument)) globals.push(argument)
    else if (valued.has(argument)) globals.push(argument, ...argv.slice(at + 1, ++at + 1))
    else if (valued.has(argument.split('=', 1)[0] as string)) globals.push(argument)
    // Alone it would take the outline behind it for what is to be fixed.
    else rest.push(argument === '--fix' ? '--fix=forms' : argument)
  }
  return [...globals, ...rest]
}

/** The command's name: the first word that is neither a flag nor a global flag's value, and `verify` after `store`. */
function commandOf(argv: readonly string[]): string {
  const [first = '', second = ''] = argv.filter(
    (argument, at) => !argument.startsWith('-') && !['--cwd', '--config'].includes(argv[at - 1] ?? ''),
  )
  return first === 'store' && ['verify', 'gc'].includes(second) ? `${first} ${second}` : first
}

function report(error: unknown, argv: readonly string[]): number {
  const isJson = argv.includes('--json')
  const command = commandOf(argv)
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return error.exitCode
    // Help was printed instead of a command that is made of others.
    const isIncomplete = error.code === 'commander.help'
    const known = error.code !== 'commander.unknownCommand' && command !== ''
    const message = isIncomplete
      ? `Unexpected \`${command}\` alone, expected one of its commands`
      : escapeTerminal(error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '))
    if (isJson)
      process.stdout.write(
        `${terminalSafeJson({version: 1, command, error: {code: error.code.replace(/^commander\./, ''), message}})}\n`,
      )
    process.stderr.write(`error: ${message}; \`msk-course ${known ? `${command} ` : ''}--help\` lists what there is\n`)
    return exitCode.usage
  }
  if (error instanceof UsageError || error instanceof NewerFormatError) {
    const code = error instanceof UsageError ? error.code : 'newer-format'
    if (isJson)
      process.stdout.write(`${terminalSafeJson({version: 1, command, error: {code, message: error.message}})}\n`)
    process.stderr.write(`error: ${escapeTerminal(error.message)}\n`)
    return exitCode.usage
  }
  const fault = error instanceof Error ? error : new Error(String(error))
  const code = systemFaultCode(fault)
  if (code !== undefined) {
    // The world's fault: a full disk, a folder that may not be written.
    if (isJson)
      process.stdout.write(
        `${terminalSafeJson({version: 1, command, error: {code: code.toLowerCase(), message: fault.message}})}\n`,
      )
    process.stderr.write(`error: ${escapeTerminal(fault.message)}\n`)
    return exitCode.usage
  }
  if (isJson)
    process.stdout.write(`${terminalSafeJson({version: 1, command, error: {code: 'bug', message: fault.message}})}\n`)
  process.stderr.write(
    `${escapeTerminal(fault.stack ?? fault.message)}\nmsk-course ${programVersion}, Node ${process.version}: this is a bug in msk-course\n`,
  )
  return exitCode.findings
}
