import {dirname} from 'node:path'
import type {Manifest} from '../store/manifest.ts'
import {writeWhole} from '../store/write-whole.ts'
import {outlineStanding, renderedAddress} from './companion-outline.ts'
import type {LoadedOutline} from './load-course.ts'

/** What is to be done with the file that holds a companion's outline. */
export interface OutlineUpdate {
  /** Its new text; undefined where it is to stay as it is. */
  readonly text: string | undefined
  /** What the manifest says of it; undefined for a book whose outline is an author's own. */
  readonly rendered: string | undefined
}

/** Whether the file with a companion's outline is to be written; one that somebody changed is not. */
export async function outlineUpdate(
  {target, rendered}: Pick<LoadedOutline, 'target' | 'rendered'>,
  manifest: Manifest | undefined,
): Promise<OutlineUpdate> {
  // A sample lies elsewhere than its outline.
  if (rendered === undefined || dirname(target.outlinePath) !== target.outputFolder)
    return {text: undefined, rendered: undefined}
  const standing = await outlineStanding(target, rendered, manifest)
  if (standing === 'edited') return {text: undefined, rendered: manifest?.rendered}
  return {text: standing === 'same' ? undefined : rendered, rendered: renderedAddress(rendered)}
}

/** Writes a companion's outline where it is to be written. Gives whether it was. */
export async function writeOutline({target}: Pick<LoadedOutline, 'target'>, {text}: OutlineUpdate): Promise<boolean> {
  if (text === undefined) return false
  await writeWhole(target.outlinePath, text)
  return true
}
