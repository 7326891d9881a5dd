import type {Config} from '../config/config-schema.ts'
import {readManifest} from '../store/manifest.ts'
import type {LoadedOutline} from './load-course.ts'

/**
 * What texts are judged against where nothing is sent: flags, config and the record of the last build. Reads no key
 * and no base URL.
 */
export async function judgedBy(
  loaded: LoadedOutline,
  flags: {readonly provider?: string; readonly model?: string},
  config: Config,
): Promise<{choice: {endpoint: string; model: string}; usesModel: boolean}> {
  const manifest = await readManifest(loaded.target.outputFolder)
  const provider =
    flags.provider ?? (config.provider === 'auto' ? undefined : config.provider) ?? manifest?.record.provider
  const model = flags.model ?? config.model ?? manifest?.record.model ?? ''
  return {choice: {endpoint: config.identity ?? '', model}, usesModel: provider === 'openai'}
}
