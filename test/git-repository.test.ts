import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {GitRepository} from '../src/store/git-repository.ts'

describe('a git repository', () => {
  let root: string
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], {
      cwd: root,
      encoding: 'utf8',
      env: {...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null'},
    }).trim()
  const commit = (message: string): string => {
    git('add', '-A')
    git('commit', '-qm', message)
    return git('rev-parse', 'HEAD')
  }
  const open = async (folder: string): Promise<GitRepository> => {
    const repository = await GitRepository.open(folder)
    if (repository === undefined) throw new Error(`${folder} is in no repository`)
    return repository
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'git-'))
    git('init', '-qb', 'main')
    mkdirSync(join(root, 'büch', 'a b'), {recursive: true})
    writeFileSync(join(root, 'büch', 'a b', 'one.md'), 'first\n')
    writeFileSync(join(root, 'top.md'), 'no line end')
  })

  afterEach(() => rmSync(root, {recursive: true, force: true}))

  it('gives the files of a folder at a commit, with marks and spaces in names, and what they hold', async () => {
    const first = commit('one')
    writeFileSync(join(root, 'büch', 'a b', 'one.md'), 'second\n')
    commit('two')
    const repository = await open(join(root, 'büch'))
    expect(await repository.commitOf('HEAD~1')).toBe(first)
    expect(await repository.filesAt(first, join(root, 'büch'))).toEqual(['büch/a b/one.md'])
    expect(await repository.filesAt(first, root)).toEqual(['büch/a b/one.md', 'top.md'])
    expect(await repository.filesAt(first, join(root, 'gone'))).toEqual([])
    expect(await repository.read(first, ['büch/a b/one.md', 'none.md', 'büch', 'top.md'])).toEqual(
      new Map([
        ['büch/a b/one.md', 'first\n'],
        ['top.md', 'no line end'],
      ]),
    )
  })

  it('gives the versions of a file, the newest first, through a rename', async () => {
    commit('one')
    renameSync(join(root, 'büch', 'a b', 'one.md'), join(root, 'two.md'))
    commit('move')
    writeFileSync(join(root, 'two.md'), 'second\n')
    commit('change')
    expect(await (await open(root)).versions(join(root, 'two.md'))).toEqual(['second\n', 'first\n', 'first\n'])
    expect(await (await open(root)).versions(join(root, 'none.md'))).toEqual([])
    expect(await (await open(root)).versions('/elsewhere/two.md')).toEqual([])
  })

  it('takes no revision for a flag, and names branches and tags', async () => {
    commit('one')
    git('tag', 'v1')
    const repository = await open(root)
    expect(await repository.commitOf('--all')).toBeUndefined()
    expect(await repository.commitOf('nowhere')).toBeUndefined()
    expect(await repository.names()).toEqual(['main', 'v1'])
  })

  it('is none outside a repository', async () => {
    rmSync(join(root, '.git'), {recursive: true})
    expect(await GitRepository.open(root)).toBeUndefined()
  })
})
