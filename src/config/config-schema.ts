import {z} from 'zod'
import {directiveKinds} from '../model/job.ts'
import {contractRules, type RuleId, rules} from '../model/rules.ts'

const words = z
  .string()
  .regex(/^\s*\d{1,6}\s*(?:(?:-|–|\.\.)\s*\d{1,6}\s*)?$/, 'expected bounds such as `300-400`')
  .describe('Bounds of the length in words, such as `300-400`')

const maxTokens = z.int().min(1).max(1_000_000).describe('Upper limit of output tokens of one completion')
const rate = z.union([
  z.int().min(1),
  z.string().regex(/^[1-9]\d{0,11}(?::[1-9]\d{0,11})?$/, 'expected N or N:BURST, such as `500:60`'),
])
const temperature = z.number().min(0).max(2).describe('Sampling temperature')
const usdPerMillion = z.number().min(0).describe('US dollars per million tokens')
const context = z.enum(['chapter', 'none'])
const contextTokens = z
  .int()
  .min(100)
  .max(1_000_000)
  .describe('Tokens that the texts which a directive reads may take of its request; default 48000')
const sourceTokens = z
  .union([z.literal('none'), z.int().min(100).max(100_000)])
  .describe('Tokens of passages of the sources in a request, or `none`; default 2000')
const ruleIds = Object.keys(rules) as [RuleId, ...RuleId[]]

const companionName = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,79}$/u

const kindSchema = z
  .strictObject({
    template: z.string().min(1).describe('Name of the template in `prompts/` without `.md`; default the kind itself'),
    words,
    model: z.string().min(1).describe('Model for this kind'),
    maxTokens,
    temperature,
    context: context.describe('`none` keeps directives of this kind from reading their chapter'),
    contextTokens,
    sourceTokens,
    titles: z.array(z.string().min(1)).describe('Further headings or labels by which the kind is recognised'),
  })
  .partial()

const companionSchema = z
  .strictObject({
    template: z
      .string()
      .regex(companionName, 'expected a name')
      .describe('Name of the outline template in `prompts/companions/` without `.md`; default the companion itself'),
    of: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .describe('The course or courses that it is made from; needed where the project has several'),
    title: z.string().min(1).describe('Title of the companion; default what its template says'),
    words: words.describe(
      'Bounds of the length of each of its texts, such as `80-150`; default what its template says',
    ),
    folder: z
      .string()
      .regex(companionName, 'expected a name')
      .describe(
        'Name of its book below `output/`; default the companion, or `COURSE-COMPANION` where there are several courses',
      ),
  })
  .partial()

const priceSchema = z.strictObject({
  input: usdPerMillion,
  cachedInput: usdPerMillion
    .optional()
    .describe('US dollars per million input tokens that the server had cached; default `input`'),
  output: usdPerMillion,
})

/** The keys of `msk-course.yaml`. Each is optional. */
export const configSchema = z
  .strictObject({
    outlines: z
      .array(z.string().min(1))
      .min(1)
      .describe('Outlines that `build` makes, as paths or globs; default `outline/**.md`'),
    provider: z
      .enum(['auto', 'openai', 'draft'])
      .describe('Who writes the texts; naming one is consent to spend. Default `auto`'),
    model: z.string().min(1).describe('Model that is asked'),
    baseUrl: z.url({protocol: /^https?$/}).describe('Base URL of an OpenAI-compatible server'),
    identity: z
      .string()
      .min(1)
      .describe('Name that stands for the base URL in addresses of requests, so that it may change'),
    concurrency: z.int().min(1).max(512).describe('Requests in flight at once; default 16'),
    rpm: rate.describe('Requests per minute at most, `N` or `N:BURST`; default what the server announces'),
    tpm: rate.describe(
      'Input and output tokens per minute at most, `N` or `N:BURST`; default what the server announces',
    ),
    timeout: z.number().positive().max(3600).describe('Seconds that one attempt may take; default 600'),
    temperature,
    topP: z.number().gt(0).max(1).describe('Nucleus sampling'),
    seed: z.int().describe('Seed for servers that take one'),
    maxTokens,
    tags: z
      .array(z.string().regex(/^[A-Za-z][\w.-]*$/, 'expected the name of a tag'))
      .describe('Names of tags that are read as `<prompt>`'),
    levels: z
      .enum(['shift', 'declared'])
      .describe('`declared` keeps the depth that a directive declares; default `shift`'),
    listItemHeadings: z.enum(['bold', 'keep']).describe('What headings in list items become; default `bold`'),
    context: context.describe(
      'Whether summaries, key terms, quizzes, reflections and objectives read the texts of their chapter; default `chapter`',
    ),
    contextTokens,
    sourceTokens,
    style: z.string().min(1).describe('Style of the whole course: a text, or the path of a file below the project'),
    kinds: z.partialRecord(z.enum(directiveKinds), kindSchema).describe('Settings per kind of directive'),
    companions: z
      .union(
        [
          z.array(z.string().regex(companionName, 'expected a name')).min(1),
          // A name with nothing behind it has no settings of its own.
          z.record(z.string().regex(companionName, 'expected a name'), companionSchema.nullable()),
        ],
        {error: 'expected a list of names such as `[cheat-sheet]`, or settings by name; a name begins with a letter'},
      )
      .describe('Books that are derived from a course: a list of names, or settings by name'),
    prices: z
      .record(z.string().min(1), priceSchema)
      .describe('Prices by model, which go before the default ones; docs/prices.md lists those'),
    rebuild: z
      .array(z.enum(['prompt', 'template', 'style', 'model', 'sources', 'upstream']))
      .describe('What makes a text stale when it changes; default `[prompt, template, style]`'),
    repairs: z
      .int()
      .min(0)
      .max(5)
      .describe('Further requests that a text may take which misses what was asked for; default 1'),
    repairRules: z
      .array(z.enum(contractRules))
      .describe('Rules beside errors for which a better text is asked for; docs/contracts.md lists the default ones'),
    rules: z.partialRecord(z.enum(ruleIds), z.enum(['off', 'info', 'warning', 'error'])).describe('Severity per rule'),
  })
  .partial()
  .superRefine(({kinds}, check) => {
    for (const kind of ['overview', 'section'] as const) {
      if (kinds?.[kind]?.context !== 'chapter') continue
      const message = `expected \`none\`: texts of the kind \`${kind}\` are what the others read`
      check.addIssue({code: 'custom', path: ['kinds', kind, 'context'], message})
    }
  })

export type Config = z.infer<typeof configSchema>
