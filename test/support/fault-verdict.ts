import {expect} from 'vitest'
import {courseBook} from './fault-course.ts'
import type {FaultProject, FaultRun} from './fault-project.ts'

/** The run broke no promise, ended well and gave the book of an undisturbed build. */
export function expectWhole(project: FaultProject, run: FaultRun): void {
  expect(run.broken).toEqual([])
  expect(`${run.code} ${run.stderr}`).toMatch(/^0 /)
  expect(project.book).toBe(courseBook(project.count, project.edition))
}

/** The run failed for these directives alone; all others are in the book's sections. */
export function expectFailed(
  project: FaultProject,
  run: FaultRun,
  message: RegExp,
  ids: readonly string[] = ['p02'],
): void {
  expect(run.broken).toEqual([])
  expect(`${run.code} ${run.stderr}`).toMatch(/^1 /)
  const findings = run.document?.books[0]?.findings ?? []
  expect(findings.map(({id}) => id)).toEqual(ids)
  for (const {id, line, message: said} of findings) {
    expect(line).toBe(project.lineOf(id))
    expect(said).toMatch(message)
  }
  expect(run.document?.books[0]?.jobs).toMatchObject({generated: project.count - ids.length, failed: ids.length})
}
