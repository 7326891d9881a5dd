import {spawnSync} from 'node:child_process'
import {it} from 'vitest'

/** The jar that judges e-books, where Debian's package puts it. */
export const epubcheckJar = process.env.EPUBCHECK_JAR ?? '/usr/share/java/epubcheck.jar'

const asUser = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']

/** Words that begin a command in file systems of its own; as a user other than root in a user namespace of its own. */
export const unshareMounts = ['unshare', '--mount', ...asUser]

/** Commands that succeed where a tool is there and allowed to do what the tests do with it. */
const probes = {
  openssl: ['openssl', 'version'],
  prlimit: ['prlimit', '--nofile=64', 'true'],
  strace: ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=chdir', '-e', 'inject=chdir:error=EIO', 'true'],
  faketime: ['faketime', '-f', '+1d', 'true'],
  setpriv: ['setpriv', '--bounding-set', '-dac_override', 'true'],
  script: ['script', '-qec', 'true', '/dev/null'],
  pdfinfo: ['pdfinfo', '-v'],
  pdftotext: ['pdftotext', '-v'],
  pdffonts: ['pdffonts', '-v'],
  qpdf: ['qpdf', '--version'],
  epubcheck: ['sh', '-c', `test -r '${epubcheckJar}' && java -version`],
  mounts: [...unshareMounts, 'sh', '-c', 'mount -t tmpfs -o size=64k,nr_inodes=20 tmpfs /mnt && nsenter --version'],
} satisfies Record<string, readonly string[]>

export type LinuxTool = keyof typeof probes

const found = new Map<LinuxTool, boolean>()

/**
 * `it` where all tools are there. On a machine of an author the test is skipped without them, which the closing line
 * counts; in CI on Linux a failing test stands for it, so that none is left out unseen.
 */
export function itWith(tools: readonly LinuxTool[]): typeof it {
  const missing = tools.filter((tool) => !isThere(tool))
  if (missing.length === 0) return it
  const isCi = process.platform === 'linux' && ['true', '1'].includes(process.env.CI ?? '')
  if (isCi) {
    it(`can use ${missing.join(', ')}`, () => {
      throw new Error(`Cannot run \`${missing.join('`, `')}\`, expected the tools that .ci/run installs`)
    })
  }
  return it.skip as typeof it
}

function isThere(tool: LinuxTool): boolean {
  const known = found.get(tool)
  if (known !== undefined) return known
  const [command, ...words] = probes[tool]
  const isRunnable = process.platform === 'linux' && spawnSync(command as string, words, {stdio: 'ignore'}).status === 0
  found.set(tool, isRunnable)
  return isRunnable
}
