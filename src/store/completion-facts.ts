import {z} from 'zod'
import {type ContentAddress, isContentAddress} from '../model/content-address.ts'

/** A content address in a file. */
export const addressSchema = z.custom<ContentAddress>(isContentAddress)

/** What files keep of a completion beside its text; the store's lists and section files share it. */
export const completionFacts = {
  completion: addressSchema,
  finish: z.enum(['stop', 'length', 'content_filter', 'other']),
  usage: z.object({
    inputTokens: z.number(),
    cachedInputTokens: z.number().optional(),
    outputTokens: z.number(),
    reasoningTokens: z.number().optional(),
    estimated: z.boolean().optional(),
  }),
  model: z.string(),
  provider: z.enum(['openai', 'draft']),
  generated: z.string(),
}
