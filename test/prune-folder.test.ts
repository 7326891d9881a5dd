import {mkdirSync, utimesSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {pruneFolder} from '../src/store/prune-folder.ts'
import {Workspace} from './support/workspace.ts'

let space: Workspace

beforeEach(() => {
  space = new Workspace()
})

afterEach(() => space.remove())

it('keeps the newest files of a folder, and what is no file', () => {
  mkdirSync(join(space.root, 'a', 'folder'), {recursive: true})
  for (let at = 0; at < 5; at++) utimesSync(space.write(`a/${at}.json`, '{}'), at, at)
  pruneFolder(join(space.root, 'a'), 3)
  expect([...space.snapshot('a').keys()].sort()).toEqual(['2.json', '3.json', '4.json'])
  pruneFolder(join(space.root, 'a'), 3)
  expect(space.snapshot('a').size).toBe(3)
})
