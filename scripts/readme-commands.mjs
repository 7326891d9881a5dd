// Writes the help of the program and of each command into README.md, between <!-- commands --> and <!-- /commands -->.
// With --check it changes nothing and exits 1 when README.md differs.
import {execFileSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

const program = fileURLToPath(new URL('../bin/msk-course.js', import.meta.url))
const readmePath = fileURLToPath(new URL('../README.md', import.meta.url))
const opening = '<!-- commands -->'
const closing = '<!-- /commands -->'

function helpOf(command) {
  const env = {...process.env, COLUMNS: '100', NO_COLOR: '1', FORCE_COLOR: undefined}
  const parts = command === undefined ? ['--help'] : [...command.split(' '), '--help']
  return execFileSync(process.execPath, [program, ...parts], {env, encoding: 'utf8'}).replaceAll('\r\n', '\n').trimEnd()
}

/** Names of the commands, read from the program's own help. */
function commandNames(help) {
  const list = help.includes('\nCommands:\n') ? help.slice(help.indexOf('\nCommands:\n')) : ''
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name).filter((name) => name !== 'help')
}

function block(title, help) {
  return `### \`${title}\`\n\n\`\`\`text\n${help}\n\`\`\`\n`
}

const ownHelp = helpOf()
const blocks = [block('msk-course', ownHelp)]
for (const name of commandNames(ownHelp)) {
  const help = helpOf(name)
  blocks.push(block(`msk-course ${name}`, help))
  for (const own of commandNames(help)) blocks.push(block(`msk-course ${name} ${own}`, helpOf(`${name} ${own}`)))
}
const readme = readFileSync(readmePath, 'utf8').replaceAll('\r\n', '\n')
const start = readme.indexOf(opening)
const end = readme.indexOf(closing)
if (start === -1 || end < start) {
  console.error(`README.md: expected the markers ${opening} and ${closing}`)
  process.exit(2)
}
const wanted = `${readme.slice(0, start + opening.length)}\n\n${blocks.join('\n')}\n${readme.slice(end)}`
if (wanted === readme) process.exit(0)
if (process.argv.includes('--check')) {
  console.error('README.md: the commands differ from --help; run `node scripts/readme-commands.mjs`')
  process.exit(1)
}
writeFileSync(readmePath, wanted)
