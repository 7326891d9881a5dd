import type {DraftTask} from './draft-task.ts'
import type {PassageLibrary} from './passage-library.ts'
import {shareChapter} from './share-chapter.ts'

/** The drafts of an outline: what each may print, decided for a whole chapter when one of its drafts is first asked for. */
export class DraftPlan {
  private readonly chapters: ReadonlyMap<string, readonly DraftTask[]>
  private readonly sectionTitles: Readonly<Record<string, readonly string[]>>
  private readonly planned = new Map<string, DraftTask>()

  /** `tasks` are those of all directives, in the order of the outline. */
  constructor(
    private readonly library: PassageLibrary,
    tasks: readonly DraftTask[],
  ) {
    const chapters = new Map<string, DraftTask[]>()
    const titles = new Map<string, Set<string>>()
    for (const task of tasks) {
      const chapter = task.headingPath[0] ?? ''
      const known = chapters.get(chapter)
      if (known === undefined) chapters.set(chapter, [task])
      else known.push(task)
      if (task.kind !== 'section' || task.headingPath.length < 2) continue
      titles.set(chapter, (titles.get(chapter) ?? new Set()).add(task.headingPath.at(-1) ?? ''))
    }
    this.chapters = chapters
    this.sectionTitles = Object.fromEntries([...titles].map(([chapter, own]) => [chapter, [...own]]))
  }

  /** A task with its share of its chapter's passages, and nothing of the outline that its kind has no use for. */
  taskOf(task: DraftTask): DraftTask {
    const chapter = task.headingPath[0] ?? ''
    if (!this.planned.has(task.id)) {
      for (const own of shareChapter(this.chapters.get(chapter) ?? [task], this.library)) this.planned.set(own.id, own)
    }
    const planned = this.planned.get(task.id) ?? task
    const share = planned.share ?? {passages: []}
    if (task.kind === 'cross-reference') return {...planned, share: {...share, sectionTitles: this.sectionTitles}}
    return {...planned, siblingTitles: [], chapterTitles: []}
  }
}
