import type {ContentAddress} from '../model/content-address.ts'
import type {Job} from '../model/job.ts'
import {type Request, requestAddress} from '../model/request.ts'
import {roughTokens} from '../plan/rough-tokens.ts'
import type {BookPlan} from './build-book.ts'
import {planRequest} from './build-book.ts'
import {defaultBaseUrl} from './build-settings.ts'
import type {UpstreamReader} from './upstream-reader.ts'

/** The request that would be sent for a directive now. */
export interface WantedRequest {
  readonly request: Request
  /** Whether the server is known without a flag or the environment; else the request names the default one. */
  readonly isEndpointKnown: boolean
  readonly address: ContentAddress
  /** Guessed without a tokenizer. */
  readonly roughInputTokens: number
}

/** Renders the request for a job as a build would now, with the texts that it reads as they stand. Sends nothing. */
export async function wantedRequest(job: Job, plan: BookPlan, upstream: UpstreamReader): Promise<WantedRequest> {
  const {usesModel} = plan.context
  const rendered = planRequest(job, plan, usesModel ? await upstream.read(job) : undefined)
  const isEndpointKnown = rendered.endpoint !== ''
  const request = isEndpointKnown ? rendered : {...rendered, endpoint: defaultBaseUrl}
  return {
    request,
    isEndpointKnown,
    address: requestAddress(request),
    roughInputTokens: request.messages.reduce((sum, {content}) => sum + roughTokens(content), 0),
  }
}
