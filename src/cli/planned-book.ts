import type {Manifest} from '../store/manifest.ts'
import type {BookPlan} from './build-book.ts'
import type {ProviderChoice} from './build-settings.ts'
import type {LoadedOutline} from './load-course.ts'

/** A book of a build before anything is sent. */
export interface PlannedBook {
  readonly loaded: LoadedOutline
  readonly choice: ProviderChoice
  readonly manifest: Manifest | undefined
  readonly plan: BookPlan
}
