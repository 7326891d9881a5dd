import type {Job} from '../model/job.ts'
import {withoutNumber} from './draft-task.ts'
import {stemSubject} from './request-words.ts'
import {stemWords} from './word-stems.ts'

/** Stems that are looked for in sources, each with its weight, above 0. */
export type SourceQuery = ReadonlyMap<string, number>

const termWeight = 1.5
const labelWeight = 1.5
const headingWeight = 1.2
const upperHeadingWeight = 0.4
const tagWeight = 0.6
/** Of words in the prompt's own code, which mostly name variables. */
const codeWeight = 0.2

/** Headings such as `Key Terms` that say nothing of the subject: those of kinds that speak of a whole chapter. */
const ownSubjectKinds: ReadonlySet<string> = new Set(['section', 'overview'])

/** Stems of further words on the form of a text: sources hold them by accident. */
const formStems = new Set(
  stemWords('beginner column date five four line method nine one paragraph row seven six step table ten three two'),
)

const levelWords = /\b(?:starting|beginning|start|begin)\s+(?:at|with|from)\s+(?:a\s+)?(?:heading\s+)?level\s+\d\b/gi
const fencedCode = /^[ \t]*(`{3,}|~{3,})[^\n]*\n([^]*?)(?:^[ \t]*\1|$(?![^]))/gm

/** Weighs the words of a directive's prompt, headings, label and tags. */
export function sourceQuery(job: Pick<Job, 'directive' | 'kind' | 'headingPath'>): SourceQuery {
  const query = new Map<string, number>()
  const raise = (stems: readonly string[], weight: number): void => {
    for (const stem of stems) query.set(stem, Math.max(query.get(stem) ?? 0, weight))
  }
  const {value, label, attributes} = job.directive
  const code: string[] = []
  const prompt = value.replace(levelWords, ' ').replace(fencedCode, (_all, _mark, inner: string) => {
    code.push(inner)
    return '\n'
  })
  const headings = job.headingPath.map(withoutNumber)
  const own = ownSubjectKinds.has(job.kind) ? headings.pop() : undefined
  for (const heading of headings) raise(stemWords(heading), upperHeadingWeight)
  raise(stemWords(code.join('\n')), codeWeight)
  raise(stemWords((attributes.tags ?? []).join(' ')), tagWeight)
  raise(
    stemSubject(prompt).filter((stem) => !formStems.has(stem)),
    1,
  )
  raise(stemWords(own ?? ''), headingWeight)
  raise(stemWords([...prompt.matchAll(/`([^`\n]{1,80})`/g)].map((match) => match[1] ?? '').join(' ')), termWeight)
  raise(stemWords(label ?? ''), labelWeight)
  return query
}
