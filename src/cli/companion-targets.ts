import {join} from 'node:path'
import type {Config} from '../config/config-schema.ts'
import {nearestNames} from '../model/nearest.ts'
import {UsageError} from './exit-codes.ts'
import type {BookTarget} from './project.ts'

/** What makes a book a companion of a course: its outline is rendered from a template. */
export interface Companion {
  /** Name in the config. */
  readonly name: string
  /** Name of the template in `prompts/companions/`. */
  readonly template: string
  readonly course: BookTarget
  /** Title of the book; undefined for the template's own. */
  readonly title?: string
  /** Bounds of the length of each text; undefined for the template's own. */
  readonly words?: string
}

/** Name of the file that a companion's outline is written to, in the book's own folder. */
export const companionOutlineName = 'outline.md'

type Settings = Exclude<NonNullable<Config['companions']>, readonly string[]>[string]

/**
 * The companion books that a config asks for, in its order, beside the courses of the project. A fault of the config that
 * only the project's outlines show is a usage error.
 */
export function companionTargets(
  companions: Config['companions'],
  courses: readonly BookTarget[],
  base: string,
): BookTarget[] {
  if (companions === undefined) return []
  const named = Array.isArray(companions)
    ? companions.map((name): [string, Settings] => [name, {}])
    : Object.entries(companions as Readonly<Record<string, Settings>>)
  const targets: BookTarget[] = []
  for (const [name, settings] of named) {
    const {of, template = name, title, words, folder} = settings ?? {}
    const chosen = chooseCourses(name, of, courses)
    for (const course of chosen) {
      const bookName =
        chosen.length === 1 && folder !== undefined ? folder : courses.length === 1 ? name : `${course.name}-${name}`
      const outputFolder = join(base, 'output', bookName)
      targets.push({
        name: bookName,
        outlinePath: join(outputFolder, companionOutlineName),
        outputFolder,
        root: course.root,
        companion: {
          name,
          template,
          course,
          ...(title === undefined ? {} : {title}),
          ...(words === undefined ? {} : {words}),
        },
      })
    }
  }
  refuseClashes(targets, courses)
  return targets
}

function chooseCourses(
  name: string,
  of: string | readonly string[] | undefined,
  courses: readonly BookTarget[],
): readonly BookTarget[] {
  const names = courses.map((course) => course.name)
  if (of === undefined) {
    if (courses.length === 1) return courses
    throw new UsageError(
      'invalid-config',
      `Unexpected companion \`${name}\` without a course, expected \`of:\` with ${names.length === 0 ? 'the name of an outline' : `one of ${names.join(', ')}`}`,
    )
  }
  return (typeof of === 'string' ? [of] : of).map((wanted) => {
    const course = courses.find((one) => one.name === wanted)
    if (course !== undefined) return course
    const nearest = nearestNames(wanted, names, 1)[0]
    throw new UsageError(
      'invalid-config',
      `Unexpected course \`${wanted}\` of the companion \`${name}\`, expected ${nearest === undefined ? `one of ${names.join(', ')}` : `\`${nearest}\``}`,
    )
  })
}

/** A companion has a folder of its own: no course's, no other companion's, and none in which a book keeps its files. */
function refuseClashes(targets: readonly BookTarget[], courses: readonly BookTarget[]): void {
  const owners = new Map(courses.map(({name}) => [fold(name), `the outline \`${name}\``]))
  for (const {name, companion} of targets) {
    const key = fold(name)
    const owner = owners.get(key)
    if (owner !== undefined) {
      throw new UsageError(
        'shared-output',
        `Unexpected companion \`${companion?.name}\` with the folder \`output/${name}\`, which is that of ${owner}, expected one of its own; give it another \`folder:\``,
      )
    }
    owners.set(key, `the companion \`${companion?.name}\``)
  }
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
