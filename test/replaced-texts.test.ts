import {existsSync, readdirSync, renameSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {JobId} from '../src/model/job.ts'
import {ReplacedTexts} from '../src/store/replaced-texts.ts'
import {Workspace} from './support/workspace.ts'

const tea = 'leaves/growing' as JobId

let space: Workspace

beforeEach(() => {
  space = new Workspace()
})

afterEach(() => space.remove())

function kept(root = space.root): ReplacedTexts {
  return new ReplacedTexts(root, join(root, 'output', 'tea'))
}

describe('texts that were replaced', () => {
  it('gives back the last one byte for byte, and nothing where none was kept', async () => {
    const source = '---\r\ndirective: x\r\n---\r\n\r\nMine, with a trailing space. \r\n'
    expect(await kept().before(tea, 'now')).toBeUndefined()
    await kept().keep(tea, source)
    expect(await kept().before(tea, 'now')).toBe(source)
    expect(await kept().before('leaves' as JobId, 'now')).toBeUndefined()
  })

  it('goes back and forth between two texts when each is kept before the other takes its place', async () => {
    await kept().keep(tea, 'one')
    expect(await kept().before(tea, 'two')).toBe('one')
    await kept().keep(tea, 'two')
    expect(await kept().before(tea, 'one')).toBe('two')
    await kept().keep(tea, 'one')
    expect(await kept().before(tea, 'two')).toBe('one')
  })

  it('passes over a kept text that stands already, as a kill before the replacement leaves it', async () => {
    await kept().keep(tea, 'one')
    await kept().keep(tea, 'two')
    expect(await kept().before(tea, 'two')).toBe('one')
  })

  it('keeps a bounded number of each section, the newest', async () => {
    for (let number = 1; number <= 30; number++) await kept().keep(tea, `text ${number}`)
    const [book = ''] = readdirSync(join(space.root, '.msk-course/replaced'))
    expect(readdirSync(join(space.root, '.msk-course/replaced', book, 'leaves/growing.md'))).toHaveLength(20)
    expect(await kept().before(tea, undefined)).toBe('text 30')
  })

  it('tells a section from those below it and books from each other, and moves with the project', async () => {
    await kept().keep(tea, 'one')
    await kept().keep('leaves/growing/soil' as JobId, 'soil')
    await kept().keep('leaves/growing#2' as JobId, 'second')
    expect(await new ReplacedTexts(space.root, join(space.root, 'other/tea')).before(tea, undefined)).toBeUndefined()
    const moved = join(space.root, 'moved')
    expect(existsSync(moved)).toBe(false)
    space.write('moved/keep.txt', '')
    renameSync(join(space.root, '.msk-course'), join(moved, '.msk-course'))
    expect(await kept(moved).before(tea, undefined)).toBe('one')
    expect(await kept(moved).before('leaves/growing#2' as JobId, undefined)).toBe('second')
  })
})
