import type {VFile} from 'vfile'
import type {Outline} from '../model/outline.ts'
import {checkDepths} from './check-depths.ts'
import {checkSources} from './check-sources.ts'

export interface CheckOptions {
  /** Names of the files below `sources/`; left out, their existence is not checked. */
  readonly sourceNames?: ReadonlySet<string>
  /** Numbers of the bibliography; left out, any number is accepted. */
  readonly sourceNumbers?: ReadonlySet<number>
}

/** Runs every rule over an outline; messages are added to `file`. */
export function checkOutline(outline: Outline, file: VFile, options: CheckOptions = {}): void {
  checkDepths(outline, file)
  checkSources(outline, file, options.sourceNames, options.sourceNumbers)
}
