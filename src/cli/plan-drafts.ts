import {wantedWords} from '../check/ask-length.ts'
import {isCompanionKind} from '../ground/compose-companion.ts'
import {DraftPlan} from '../ground/draft-plan.ts'
import type {DraftTask} from '../ground/draft-task.ts'
import {shareCompanion} from '../ground/share-companion.ts'
import type {Job, JobId} from '../model/job.ts'
import type {BookText} from './book-texts.ts'
import type {BookContext} from './build-book.ts'
import {readOfOthers} from './other-texts.ts'

const plans = new WeakMap<BookContext, DraftPlan>()
const companions = new WeakMap<ReadonlyMap<JobId, BookText>, ReadonlyMap<JobId, DraftTask>>()

/**
 * What is to be drafted for a job, with its share of what the sources say, or of what another book says; a chapter or a
 * companion is divided once for a book and its texts.
 */
export function draftTaskOf(job: Job, context: BookContext, texts: ReadonlyMap<JobId, BookText>): DraftTask {
  if (isCompanionKind(job.kind)) {
    const shares = companions.get(texts) ?? planCompanion(context, texts)
    companions.set(texts, shares)
    return shares.get(job.id) ?? readingTask(job, context, texts)
  }
  const plan = plans.get(context) ?? planDrafts(context)
  plans.set(context, plan)
  return plan.taskOf(readingTask(job, context, texts))
}

function planCompanion(context: BookContext, texts: ReadonlyMap<JobId, BookText>): ReadonlyMap<JobId, DraftTask> {
  const jobs = [...context.loaded.plan.jobs.values()].filter(({kind}) => isCompanionKind(kind))
  const shared = shareCompanion(jobs.map((job) => readingTask(job, context, texts)))
  return new Map(jobs.map(({id}, at) => [id, shared[at] as DraftTask]))
}

function readingTask(job: Job, context: BookContext, texts: ReadonlyMap<JobId, BookText>): DraftTask {
  return {...taskOf(job, context), ...readOfOthers(job, context.loaded.plan, texts)}
}

function planDrafts(context: BookContext): DraftPlan {
  // Drafts of companions are made from other books and take nothing from the sources.
  const jobs = [...context.loaded.plan.jobs.values()].filter(({kind}) => !isCompanionKind(kind))
  return new DraftPlan(
    context.sources.library,
    jobs.map((job) => taskOf(job, context)),
  )
}

function taskOf(job: Job, {render, contracts}: BookContext): DraftTask {
  const {id, kind, headingPath, siblingTitles, directive} = job
  const words = wantedWords(job, contracts)
  const {sources} = directive.attributes
  return {
    id,
    kind,
    prompt: directive.value,
    headingPath,
    siblingTitles,
    chapterTitles: render.chapterTitles,
    container: directive.container,
    ...(directive.label === undefined ? {} : {label: directive.label}),
    ...(contracts.language === undefined ? {} : {language: contracts.language}),
    ...(words === undefined ? {} : {words}),
    ...(sources === undefined ? {} : {sources}),
  }
}
