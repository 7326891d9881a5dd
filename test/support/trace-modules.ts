import {pathToFileURL} from 'node:url'
import {type CliResult, runCli} from './run-cli.ts'
import type {Workspace} from './workspace.ts'

const hooks = `import {appendFileSync} from 'node:fs'
export async function load(url, context, next) {
  appendFileSync(process.env.MODULE_TRACE, url + '\\n')
  return next(url, context)
}
`
const preload = `import {register} from 'node:module'
register('./hooks.mjs', import.meta.url)
`

/** Runs the compiled program and tells which files and packages it loaded, as URLs. */
export async function runTraced(
  args: readonly string[],
  cwd: string,
  tools: Workspace,
  env: Record<string, string> = {},
): Promise<CliResult & {readonly loaded: readonly string[]}> {
  tools.write('hooks.mjs', hooks)
  const trace = tools.write('trace.txt', '')
  const result = await runCli(args, {
    cwd,
    env: {
      ...env,
      MODULE_TRACE: trace,
      NODE_OPTIONS: `--import=${pathToFileURL(tools.write('preload.mjs', preload)).href}`,
    },
  })
  return {...result, loaded: tools.read('trace.txt').split('\n')}
}
