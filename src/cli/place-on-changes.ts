import {resolve} from 'node:path'
import {GitRepository} from '../store/git-repository.ts'
import type {PlacedRow} from './message-row.ts'

/** Lines that a change put in, by full path. */
type ChangedLines = ReadonlyMap<string, readonly (readonly [first: number, last: number])[]>

/**
 * The lines that a pull request changes, where the environment names its base as GitHub (`GITHUB_BASE_REF`) and GitLab
 * (`CI_MERGE_REQUEST_DIFF_BASE_SHA`) do; undefined elsewhere, and where the clone is too shallow to know the base.
 */
export async function changedLinesOf(cwd: string, env: NodeJS.ProcessEnv): Promise<ChangedLines | undefined> {
  const base = env.GITHUB_BASE_REF ?? ''
  const names = [env.CI_MERGE_REQUEST_DIFF_BASE_SHA ?? '', base === '' ? '' : `origin/${base}`, base]
  if (names.every((name) => name === '')) return undefined
  const repository = await GitRepository.open(cwd)
  // GitHub checks out a merge of the request into its base, whose first parent is the base.
  const isMerge = (await repository?.commitOf('HEAD^2')) !== undefined
  for (const name of [...names.filter((own) => own !== ''), ...(isMerge ? ['HEAD^1'] : [])]) {
    const commit = await repository?.commitOf(name)
    const from = commit === undefined ? undefined : await repository?.mergeBase(commit, 'HEAD')
    if (repository === undefined || from === undefined) continue
    const changed = await repository.changedLines(from)
    return new Map([...changed].map(([path, lines]) => [resolve(repository.root, path), lines]))
  }
  return undefined
}

/**
 * Rows with those first that are on changed lines, which alone are shown beside a change: a finding elsewhere goes to its
 * other place where that was changed, as that of a text whose prompt is another one now.
 */
export function placeOnChanges(rows: readonly PlacedRow[], changed: ChangedLines, cwd: string): PlacedRow[] {
  const isChanged = (file: string, line: number | null): boolean =>
    line !== null && (changed.get(resolve(cwd, file)) ?? []).some(([first, last]) => first <= line && line <= last)
  const placed = rows.map((row) => {
    const {file, line, related} = row
    if (isChanged(file, line)) return {row, isShown: true}
    if (related === undefined || !isChanged(related.file, related.line)) return {row, isShown: false}
    return {row: atRelated(row, related), isShown: true}
  })
  return [...placed.filter(({isShown}) => isShown), ...placed.filter(({isShown}) => !isShown)].map(({row}) => row)
}

function atRelated(row: PlacedRow, related: NonNullable<PlacedRow['related']>): PlacedRow {
  return {
    ...row,
    file: related.file,
    line: related.line,
    column: null,
    endLine: null,
    endColumn: null,
    related: {file: row.file, line: row.line ?? 1, note: `The text is ${row.file}:${row.line ?? 1}`},
  }
}
