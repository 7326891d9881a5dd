import {execFileSync, spawn} from 'node:child_process'
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {parse} from 'yaml'
import {runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const root = join(import.meta.dirname, '..')
const program = `${process.execPath} ${join(root, 'bin', 'msk-course.js')}`

interface Step {
  readonly id: string
  readonly env: Readonly<Record<string, string>>
  readonly run: string
  readonly 'working-directory'?: string
}

interface Action {
  readonly inputs: Readonly<Record<string, {readonly default?: string; readonly description: string}>>
  readonly outputs: Readonly<Record<string, {readonly value: string}>>
  readonly runs: {readonly using: string; readonly steps: readonly Step[]}
}

const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action

const outline = `# Tea

## Green Tea
"<prompt>Starting at heading level 3, explain green tea.</prompt>"

## Black Tea
"<prompt>Starting at heading level 3, explain black tea.</prompt>"
`

const note = `# Tea

- Green tea is steamed or heated in a pan soon after it is picked, so that its leaves stay green. [1]
- Black tea is withered and oxidised before it is dried, which makes it dark and strong. [1]

[1]: https://example.org/tea "Tea"
`

/** A pull request's checkout, and a runner of the action's steps as GitHub's does it. */
class Runner {
  readonly space = new Workspace()
  readonly outputs = new Map<string, string>()
  log = ''

  git(...args: string[]): string {
    return execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], {
      cwd: this.space.root,
      encoding: 'utf8',
      env: {...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null'},
    }).trim()
  }

  commit(message: string): void {
    this.git('add', '-A')
    this.git('commit', '-qm', message)
  }

  /** Runs the steps until one fails; gives that one's name, or undefined when all passed. */
  async run(
    given: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>> = {},
  ): Promise<string | undefined> {
    const inputs = new Map(Object.entries(action.inputs).map(([name, {default: value = ''}]) => [name, value]))
    for (const [name, value] of Object.entries({command: program, token: 'secret', ...given})) inputs.set(name, value)
    const evaluate = (text: string): string =>
      text.replace(/\$\{\{ ([^}]+) \}\}/g, (_, expression: string) => {
        const input = /^inputs\.([\w-]+)$/.exec(expression)?.[1]
        const output = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression)
        if (input !== undefined && inputs.has(input)) return inputs.get(input) as string
        if (output !== null) return this.outputs.get(`${output[1]}.${output[2]}`) ?? ''
        throw new Error(`Unexpected expression ${expression}`)
      })
    for (const step of action.runs.steps) {
      const outputFile = join(this.space.root, '..', `${step.id}-${process.pid}.out`)
      writeFileSync(outputFile, '')
      const own = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, evaluate(value)]))
      const {status, log} = await runBash(step.run, {
        cwd: join(this.space.root, evaluate(step['working-directory'] ?? '.')),
        env: {
          PATH: process.env.PATH,
          HOME: this.space.root,
          GITHUB_ACTION_PATH: root,
          GITHUB_OUTPUT: outputFile,
          GITHUB_STEP_SUMMARY: this.summaryPath,
          GITHUB_ACTIONS: 'true',
          ...env,
          ...own,
        },
      })
      this.log += log
      for (const line of readFileSync(outputFile, 'utf8').split('\n')) {
        const [, name, value] = /^([^=]+)=(.*)$/.exec(line) ?? []
        if (name !== undefined) this.outputs.set(`${step.id}.${name}`, value ?? '')
      }
      if (status !== 0) return step.id
    }
    return undefined
  }

  get summaryPath(): string {
    return join(this.space.root, '.git', 'summary.md')
  }

  get summary(): string {
    return existsSync(this.summaryPath) ? readFileSync(this.summaryPath, 'utf8') : ''
  }
}

describe('the action for GitHub', () => {
  let runner: Runner

  beforeEach(async () => {
    runner = new Runner()
    runner.space.write('outline/tea.md', outline)
    runner.space.write('sources/tea.md', note)
    runner.space.write('msk-course.yaml', 'provider: draft\n')
    runner.space.write('.gitignore', '.msk-course/\n')
    const built = await runCli(['build'], {cwd: runner.space.root})
    expect(built.code).toBe(0)
    runner.git('init', '-qb', 'main')
    runner.commit('a course')
    runner.git('remote', 'add', 'origin', runner.space.root)
    runner.git('fetch', '-q', 'origin')
    runner.git('switch', '-qc', 'change')
  })

  afterEach(() => runner.space.remove())

  it('uses no expression in its scripts, into which a name could bring commands', () => {
    expect(action.runs.using).toBe('composite')
    for (const {run} of action.runs.steps) expect(run).not.toContain('${{')
    for (const {description} of Object.values(action.inputs)) expect(description).not.toBe('')
  })

  it('passes on a clean tree', async () => {
    expect(await runner.run({})).toBeUndefined()
    expect(runner.log).toContain('check 0, build --frozen 0, verify 0, diff 0')
    expect(runner.summary).toContain('msk-course verify: 0 errors')
  })

  it('fails for a prompt whose text is older, at the changed line of the outline, and runs all steps', async () => {
    runner.space.write('outline/tea.md', outline.replace('explain black tea', 'explain black tea and its oxidation'))
    runner.commit('ask for more')
    expect(await runner.run({}, {GITHUB_BASE_REF: 'main'})).toBe('result')
    expect(runner.log).toContain('check 0, build --frozen 1, verify 0, diff 0')
    expect(runner.log).toMatch(/^::warning file=outline\/tea\.md,line=7,title=stale-section::/m)
    expect(runner.summary).toContain('| warning | output/tea/sections/tea/black-tea.md')
    expect(runner.outputs.get('diff.changed-sections')).toBe('1')
  })

  it('names exactly the changed sections in the summary, and in one comment that is kept up to date', async () => {
    const path = 'output/tea/sections/tea/green-tea.md'
    runner.space.write(path, runner.space.read(path).replace('steamed', 'steamed at once'))
    expect((await runCli(['build'], {cwd: runner.space.root})).code).toBe(0)
    runner.commit('a better word')
    const github = await FakeGitHub.start()
    runner.space.write('.git/event.json', JSON.stringify({pull_request: {number: 7}}))
    const env = {
      GITHUB_BASE_REF: 'main',
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: 'ann/tea',
      GITHUB_EVENT_PATH: join(runner.space.root, '.git', 'event.json'),
    }
    try {
      expect(await runner.run({comment: 'true'}, env)).toBeUndefined()
      expect(runner.outputs.get('diff.changed-sections')).toBe('1')
      expect(runner.summary).toContain('tea/green-tea')
      expect(runner.summary).not.toContain('tea/black-tea')
      expect(github.comments).toHaveLength(2)
      expect(github.comments[1]).toContain('tea/green-tea')
      expect(github.authorisations).toEqual(new Set(['Bearer secret']))
      expect(await runner.run({comment: 'true'}, env)).toBeUndefined()
      expect(github.comments).toHaveLength(2)
      expect(github.written).toEqual(['POST'])
    } finally {
      github.stop()
    }
  })

  it('writes SARIF and JUnit, and takes outlines and strictness', async () => {
    expect(
      await runner.run({
        outlines: 'outline/tea.md\n',
        strict: 'true',
        'sarif-file': 'course.sarif',
        'junit-file': 'course.xml',
      }),
    ).toBeUndefined()
    const sarif = JSON.parse(runner.space.read('course.sarif')) as {readonly runs: readonly {results: unknown[]}[]}
    expect(sarif.runs).toHaveLength(1)
    expect(runner.space.read('course.xml')).toContain('<testsuites name="msk-course"')
  })

  it('says that the program is not there', async () => {
    expect(await runner.run({command: 'msk-course-that-is-not-there'})).toBe('result')
    expect(runner.log).toContain('check 127, build --frozen 127, verify 127')
  })
})

describe('the example for GitLab', () => {
  it('passes on a clean tree and compares with the target', async () => {
    const runner = new Runner()
    try {
      runner.space.write('outline/tea.md', outline)
      runner.space.write('sources/tea.md', note)
      runner.space.write('msk-course.yaml', 'provider: draft\n')
      runner.space.write('.gitignore', '.msk-course/\n')
      expect((await runCli(['build'], {cwd: runner.space.root})).code).toBe(0)
      runner.git('init', '-qb', 'main')
      runner.commit('a course')
      expect(await runJob(runner)).toEqual({script: 0, afterScript: 0})
      expect(runner.space.read('course-verify.xml')).toContain('<testsuites')
      runner.space.write('outline/tea.md', outline.replace('black tea.', 'black tea well.'))
      runner.commit('ask for more')
      expect(await runJob(runner)).toEqual({script: 1, afterScript: 0})
      expect(runner.space.read('course-diff.md')).toContain('tea/black-tea')
    } finally {
      runner.space.remove()
    }
  })
})

/** Runs the job as GitLab's runner does. */
async function runJob(runner: Runner): Promise<{readonly script: number | null; readonly afterScript: number | null}> {
  const file = parse(readFileSync(join(root, 'examples', 'gitlab-ci.yml'), 'utf8')) as {
    readonly course: {readonly script: readonly string[]; readonly after_script: readonly string[]}
  }
  const first = runner.git('rev-list', '--max-parents=0', 'HEAD')
  const run = async (lines: readonly string[]): Promise<number | null> => {
    const {status} = await runBash(lines.join('\n').replaceAll(/npx --yes msk-course@[\d.]+/g, program), {
      cwd: runner.space.root,
      env: {PATH: process.env.PATH, HOME: runner.space.root, CI_MERGE_REQUEST_DIFF_BASE_SHA: first},
    })
    return status
  }
  return {script: await run(file.course.script), afterScript: await run(file.course.after_script)}
}

/** Runs lines as a runner does: in one shell that ends at the first fault. */
function runBash(
  lines: string,
  options: {readonly cwd: string; readonly env: NodeJS.ProcessEnv},
): Promise<{readonly status: number | null; readonly log: string}> {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', lines], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (status) => done({status, log: Buffer.concat(chunks).toString('utf8')}))
  })
}

/** GitHub's comments of one issue: one of somebody else's stands there. */
class FakeGitHub {
  readonly comments = ['a comment of somebody else']
  readonly written: string[] = []
  readonly authorisations = new Set<string | undefined>()

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeGitHub> {
    const server = createServer()
    const fake = new FakeGitHub(server)
    server.on('request', (request, response) => void fake.answer(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return fake
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.server.close()
    this.server.closeAllConnections()
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    this.authorisations.add(request.headers.authorization)
    const text = Buffer.concat(chunks).toString('utf8')
    if (request.method === 'GET') {
      response.end(JSON.stringify(this.comments.map((body, id) => ({id, body}))))
      return
    }
    this.written.push(request.method ?? '')
    const {body} = JSON.parse(text) as {readonly body: string}
    const id = /\/comments\/(\d+)$/.exec(request.url ?? '')?.[1]
    if (id === undefined) this.comments.push(body)
    else this.comments[Number(id)] = body
    response.end('{}')
  }
}
