import type {JobId} from '../model/job.ts'
import type {Judgement} from '../plan/judge-state.ts'
import type {BookPlan} from './build-book.ts'
import type {OpenBooks} from './open-books.ts'
import type {BookTarget, Project} from './project.ts'
import type {Reporter} from './reporter.ts'

/** Follows a build: what it reads, how its books stand when it is done, and what it wrote itself. */
export interface BuildRecorder {
  /** What the build is about to read, before anything but the config is read. */
  take(project: Project, targets: readonly BookTarget[]): void
  /** A book that those of the build read, before it is read. */
  takeRead(target: BookTarget): void
  /** The single files that config and outlines name. */
  takeFiles(open: OpenBooks): void
  /** What the build wrote of a book. */
  wrote(target: BookTarget, markdown: string, manifest: string): void
  /** The outline of a companion that the build wrote. */
  wroteOutline(target: BookTarget, outline: string): void
  /** How a book stands when its run is over. */
  stands(plan: BookPlan, judged: ReadonlyMap<JobId, Judgement>): void
  /** The build is done, and was not interrupted. */
  write(open: OpenBooks, reporter: Reporter): Promise<void>
}
