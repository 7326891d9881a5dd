import {execFileSync} from 'node:child_process'

/** Runs git in a folder with an author of its own and nobody's settings. */
export function gitIn(root: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: {...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null'},
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()
}
