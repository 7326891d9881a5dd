import {wantedWords} from '../check/ask-length.ts'
import {DraftPlan} from '../ground/draft-plan.ts'
import type {DraftTask} from '../ground/draft-task.ts'
import type {Job} from '../model/job.ts'
import type {BookContext} from './build-book.ts'

const plans = new WeakMap<BookContext, DraftPlan>()

/** What is to be drafted for a job, with its share of what the sources say; a chapter is divided once for a book. */
export function draftTaskOf(job: Job, context: BookContext): DraftTask {
  const jobs = context.loaded.plan.jobs.values()
  const plan =
    plans.get(context) ??
    new DraftPlan(
      context.sources.library,
      [...jobs].map((own) => taskOf(own, context)),
    )
  plans.set(context, plan)
  return plan.taskOf(taskOf(job, context))
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
