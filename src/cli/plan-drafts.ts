import {wantedWords} from '../check/ask-length.ts'
import {isCompanionKind} from '../ground/compose-companion.ts'
import {DraftPlan} from '../ground/draft-plan.ts'
import type {DraftTask} from '../ground/draft-task.ts'
import type {Job} from '../model/job.ts'
import type {BookContext} from './build-book.ts'

const plans = new WeakMap<BookContext, DraftPlan>()

/** What is to be drafted for a job, with its share of what the sources say; a chapter is divided once for a book. */
export function draftTaskOf(job: Job, context: BookContext): DraftTask {
  if (isCompanionKind(job.kind)) return taskOf(job, context)
  const plan = plans.get(context) ?? planDrafts(context)
  plans.set(context, plan)
  return plan.taskOf(taskOf(job, context))
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
