// Runs the program once, so that the code that a build with a model needs is compiled and kept (src/cli/code-cache.ts).
import {spawn} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const chapter = (number) => `# ${number}. Making tea

"<prompt>List the learning objectives.</prompt>"

## Water

"<prompt>Explain in two paragraphs how hot water should be, with a table of temperatures.</prompt>"

- **Kettle**: "<prompt>Say what a kettle does.</prompt>"
- **Leaves**
    * "<prompt>Explain \`black\` tea, with an example.</prompt>"

## Key terms

"<prompt>Define 3 key terms in alphabetical order.</prompt>"

## Summary

"<prompt>Sum up the chapter.</prompt>"

## Quiz

"<prompt>Write 2 questions with answers.</prompt>"
`

/** What real answers hold: headings, lists, code, tables, quotes, and what has to be mended. */
const answer = (number) => `Sure! Here is the section:

## Text ${number}

Water is **hot** at ${60 + number} degrees, as *everybody* knows. It is [poured](https://example.com/${number}) slowly.

1. Boil the water.
2. Pour it:
   - into the pot,
   - then into the cup.

| Tea | Degrees |
| --- | ------- |
| green | ${number} |

> A quote.

\`\`\`bash
kettle --boil ${number}
\`\`\`

- **Term ${number}**: what it means.
- **Other ${number}**: what else it means.
`

/** Builds a small course in a folder of its own against a server on this machine; throws with what the build printed. */
export async function fillCodeCache(root) {
  const folder = mkdtempSync(join(tmpdir(), 'msk-course-cache-'))
  let answers = 0
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const message = {role: 'assistant', content: answer(++answers)}
      const usage = {prompt_tokens: 100, completion_tokens: 100, total_tokens: 200}
      response.writeHead(200, {'content-type': 'application/json'})
      response.end(JSON.stringify({choices: [{index: 0, finish_reason: 'stop', message}], usage}))
    })
  })
  try {
    const listening = new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
    const fault = await listening.catch((error) => error)
    if (fault !== undefined) {
      // The program works without, and its first run fills the cache.
      console.warn(`Cannot listen on 127.0.0.1 (${fault.code}), so that the cache of compiled code stays empty for now`)
      return
    }
    mkdirSync(join(folder, 'outline'))
    writeFileSync(join(folder, 'msk-course.yaml'), 'model: none\nrepairs: 0\n')
    writeFileSync(join(folder, 'outline', 'tea.md'), [1, 2, 3].map(chapter).join('\n'))
    const baseUrl = `http://127.0.0.1:${server.address().port}/v1`
    const {PATH, SystemRoot} = process.env
    const build = spawn(process.execPath, [join(root, 'bin', 'msk-course.js'), 'build', '--base-url', baseUrl], {
      cwd: folder,
      env: {PATH, SystemRoot, HOME: folder},
      stdio: ['ignore', 'ignore', 'pipe'],
      // It takes a second; an installation is not to wait for one that hangs.
      timeout: 120_000,
    })
    let printed = ''
    build.stderr.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk
    })
    const code = await new Promise((resolve, reject) => build.once('error', reject).once('close', resolve))
    // It exits with 1: the made answers do not hold all that is asked for.
    if (!existsSync(join(folder, 'output', 'tea', 'book.md')))
      throw new Error(`Cannot run the program that was built (exit ${code}), expected a book from it:\n${printed}`)
  } finally {
    server.close()
    rmSync(folder, {recursive: true, force: true})
  }
}
