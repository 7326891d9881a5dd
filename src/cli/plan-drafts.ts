import {wantedWords} from '../check/ask-length.ts'
import {DraftPlan} from '../ground/draft-plan.ts'
import type {DraftTask} from '../ground/draft-task.ts'
import {type PassageLibrary, readPassages} from '../ground/passage-library.ts'
import type {Job} from '../model/job.ts'
import type {BookContext} from './build-book.ts'
import type {LoadedProject} from './load-course.ts'

const libraries = new WeakMap<LoadedProject, PassageLibrary>()
const plans = new WeakMap<BookContext, DraftPlan>()

/** The passages of a project's sources, read once. */
export function libraryOf(project: LoadedProject): PassageLibrary {
  const known = libraries.get(project) ?? readPassages(project.notes, project.bibliography)
  libraries.set(project, known)
  return known
}

/** What is to be drafted for a job, with its share of what the sources say; a chapter is divided once for a book. */
export function draftTaskOf(job: Job, context: BookContext): DraftTask {
  const jobs = context.loaded.plan.jobs.values()
  const plan =
    plans.get(context) ??
    new DraftPlan(
      libraryOf(context.project),
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
