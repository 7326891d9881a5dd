import {execFileSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {z} from 'zod'
import {configSchema} from '../src/config/config-schema.ts'
import {loadPrompts} from '../src/config/load-prompts.ts'
import {rulePage, rules} from '../src/model/rules.ts'
import {TemplateEngine} from '../src/plan/template-engine.ts'
import {expectFile} from './support/fixtures.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface LockedPackage {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
  readonly optional?: boolean
  readonly dependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
  readonly engines?: {readonly node?: string}
  readonly dev?: boolean
}

const lock = JSON.parse(read('package-lock.json')) as {packages: Record<string, LockedPackage>}

describe('the lockfile', () => {
  it('names no host, and every package with its checksum', () => {
    for (const [path, locked] of Object.entries(lock.packages)) {
      if (path === '') continue
      expect(locked.resolved, path).toBeUndefined()
      expect(locked.integrity, path).toMatch(/^sha512-/)
    }
  })

  it('holds an entry for every package that one asks for, on any platform', () => {
    for (const [path, locked] of Object.entries(lock.packages)) {
      for (const name of Object.keys({...locked.dependencies, ...locked.optionalDependencies})) {
        const isThere = `node_modules/${name}` in lock.packages || `${path}/node_modules/${name}` in lock.packages
        expect(isThere, `${path} asks for ${name}`).toBe(true)
      }
    }
  })

  it('brings no install script', () => {
    const scripted = Object.entries(lock.packages).filter(
      ([path, {hasInstallScript}]) => path !== '' && hasInstallScript === true,
    )
    // Only macOS takes it, and works without its script.
    expect(scripted.map(([path]) => path).filter((path) => path !== 'node_modules/fsevents')).toEqual([])
  })
})

describe('package.json', () => {
  const manifest = JSON.parse(read('package.json')) as {
    dependencies: Record<string, string>
    devDependencies: Record<string, string>
    files: string[]
  }

  it('pins every dependency', () => {
    for (const version of Object.values({...manifest.dependencies, ...manifest.devDependencies}))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('lists only folders that are there', () => {
    for (const path of manifest.files.map((each) => each.replace(/^!/, '')))
      expect(existsSync(join(root, path)), path).toBe(true)
  })

  it('has every dependency in docs/dependencies.md with its version', () => {
    const page = read('docs/dependencies.md')
    for (const [name, version] of Object.entries({...manifest.dependencies, ...manifest.devDependencies})) {
      expect(page, name).toMatch(
        new RegExp(`\`?${name.replace(/[/.]/g, '\\$&')}\`?[^\\n]*${version.replaceAll('.', '\\.')}`),
      )
    }
  })
})

describe('rules', () => {
  it('have a page each, and each page a rule', () => {
    const pages = readdirSync(join(root, 'docs/rules')).filter((name) => name !== 'README.md')
    expect(pages.map((name) => `docs/rules/${name}`).sort()).toEqual(
      (Object.keys(rules) as (keyof typeof rules)[]).map(rulePage).sort(),
    )
    for (const [rule, severity] of Object.entries(rules)) {
      const page = read(`docs/rules/${rule}.md`)
      expect(page.startsWith(`# \`${rule}\`\n`), rule).toBe(true)
      expect(page, rule).toContain(`**Severity:** ${severity}`)
      expect(read('docs/rules/README.md'), rule).toContain(`(${rule}.md)`)
    }
  })

  it('are each reported somewhere in the code', () => {
    const sources = readdirSync(join(root, 'src'), {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'rules.ts')
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n')
    for (const rule of Object.keys(rules)) expect(sources, rule).toContain(`'${rule}'`)
  })
})

describe('documents', () => {
  it('README’s command section is the program’s own help', () => {
    execFileSync(process.execPath, [join(root, 'scripts/readme-commands.mjs'), '--check'], {cwd: root, stdio: 'pipe'})
  })

  it('the config’s schema for editors is what the program checks', () => {
    const schema = z.toJSONSchema(configSchema, {io: 'input'})
    expectFile(join(root, 'schema/msk-course.schema.json'), `${JSON.stringify(schema, null, 2)}\n`)
  })

  it('the config’s page has every key', () => {
    const page = read('docs/config.md')
    for (const key of Object.keys(configSchema.shape)) expect(page, key).toContain(`\`${key}\``)
  })
})

describe('the shipped templates', () => {
  it('pass the check that templates of a course go through', async () => {
    const {prompts} = await loadPrompts(join(root, 'test', 'fixtures'), undefined)
    expect(prompts.templates.size).toBeGreaterThan(8)
    for (const template of prompts.templates.values()) {
      expect(template.isShipped).toBe(true)
      const file = new VFile({path: template.path})
      new TemplateEngine().check(template, file)
      expect(file.messages.map(String), template.name).toEqual([])
    }
  })
})
