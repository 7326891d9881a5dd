import OpenAI, {APIConnectionTimeoutError, APIError, APIUserAbortError} from 'openai'
import {z} from 'zod'
import type {Completion, FinishReason, Usage} from '../model/completion.ts'
import {type AttemptOptions, type Billing, type Provider, ProviderError} from '../model/provider.ts'
import {type Request, requestAddress} from '../model/request.ts'
import {AskedPrompts} from './echoed-words.ts'
import {announcedLimits} from './rate-limit-headers.ts'
import {isFatalStatus, isGivenUpStatus, isPermanentRateLimit, isRetryableStatus, retryAfterMs} from './server-faults.ts'
import {whyUseless} from './useless-answer.ts'
import {Wire, type WireAttempt, type WireInit} from './wire.ts'

export interface OpenAiOptions {
  readonly baseUrl: string
  /** Left out for a server that asks for none. */
  readonly apiKey?: string
  /** What directives ask in their author's words; a text that only repeats one is no completion. */
  readonly prompts?: readonly string[]
  /** Milliseconds since the epoch, for `generated` and `retry-after` dates. */
  readonly now: () => number
}

const contentSchema = z.union([z.string(), z.null()]).optional()

/** What is needed of an answer; servers differ in the rest. */
const answerSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        index: z.number().optional(),
        finish_reason: z.union([z.string(), z.null()]).optional(),
        message: z.looseObject({content: contentSchema, refusal: contentSchema}),
      }),
    )
    .min(1),
  model: z.string().optional(),
})

/** Most of a message that is shown, in UTF-16 units; cut only after the key was taken out of it. */
const longestMessage = 300

/** More than any model takes: a server that says so does not know. */
const mostTokens = 100_000_000
const tokens = z.int().nonnegative().max(mostTokens)

const usageSchema = z.looseObject({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  prompt_tokens_details: z.looseObject({cached_tokens: tokens.nullish()}).nullish(),
  completion_tokens_details: z.looseObject({reasoning_tokens: tokens.nullish()}).nullish(),
})

/** Any server that speaks OpenAI's chat completions. Retries are the scheduler's: the client's own are off. */
export class OpenAiProvider implements Provider {
  readonly name = 'openai'
  private readonly client: OpenAI
  private readonly wire = new Wire()
  private readonly takesCompletionLimit: boolean
  private readonly prompts: AskedPrompts

  constructor(private readonly options: OpenAiOptions) {
    this.prompts = new AskedPrompts(options.prompts ?? [])
    this.client = new OpenAI({
      baseURL: options.baseUrl,
      apiKey: options.apiKey ?? 'none',
      organization: null,
      project: null,
      maxRetries: 0,
      fetch: this.wire.fetch,
      logLevel: 'off',
      ...(options.apiKey === undefined ? {defaultHeaders: {Authorization: null}} : {}),
    })
    // OpenAI's own models take only the newer name; most other servers know only the older one.
    this.takesCompletionLimit = new URL(options.baseUrl).hostname === 'api.openai.com'
  }

  async complete(request: Request, options: AttemptOptions): Promise<Completion> {
    const {maxTokens} = request.limits
    const {temperature, topP, seed, stop} = request.sampling
    const attempt: WireAttempt = {
      hasLeft: false,
      headers: undefined,
      isUtf8: true,
      onLeft: () => options.onLeft?.(),
    }
    const fetchOptions: Pick<WireInit, 'attempt'> = {attempt}
    let answer: unknown
    try {
      answer = await this.client.chat.completions.create(
        {
          model: request.model,
          messages: request.messages.map(({role, content}) => ({role, content})),
          ...(temperature === undefined ? {} : {temperature}),
          ...(topP === undefined ? {} : {top_p: topP}),
          ...(seed === undefined ? {} : {seed}),
          ...(stop === undefined ? {} : {stop: [...stop]}),
          ...(maxTokens === undefined
            ? {}
            : this.takesCompletionLimit
              ? {max_completion_tokens: maxTokens}
              : {max_tokens: maxTokens}),
        },
        {signal: options.signal, timeout: options.timeoutMs, fetchOptions: fetchOptions as object},
      )
    } catch (error) {
      throw this.toProviderError(error, options, attempt)
    } finally {
      const limits = attempt.headers === undefined ? undefined : announcedLimits(attempt.headers)
      if (limits !== undefined) options.onLimits?.(limits)
    }
    return this.readAnswer(answer, request, attempt)
  }

  /** A completion out of a 200, which alone is no success: error objects, HTML and useless contents are faults. */
  private readAnswer(answer: unknown, request: Request, {isUtf8}: WireAttempt): Completion {
    const parsed = answerSchema.safeParse(answer)
    if (!parsed.success) {
      throw new ProviderError(`Unexpected answer ${this.excerpt(answer)}, expected a chat completion`, {
        code: 'bad-response',
        isRetryable: true,
        // A page and an error are no work of a model; of anything else nobody knows.
        billing: typeof answer === 'object' && answer !== null && !('error' in answer) ? 'in-doubt' : 'free',
      })
    }
    const choice = parsed.data.choices.find(({index}) => index === 0) ?? parsed.data.choices[0]
    const {message, finish_reason: reason} = choice as NonNullable<typeof choice>
    const finish = toFinishReason(reason)
    const text = message.content ?? ''
    const usage = readUsage((parsed.data as {usage?: unknown}).usage) ?? estimateUsage(request, text)
    const useless = whyUseless({finish, refusal: message.refusal, text, isUtf8}, request, this.prompts)
    if (useless !== undefined) {
      const {code, isRetryable} = useless
      throw new ProviderError(this.redact(useless.message).slice(0, longestMessage), {
        code,
        isRetryable,
        billing: 'billed',
        usage,
      })
    }
    return {
      request: requestAddress(request),
      text,
      finish,
      usage,
      model: parsed.data.model ?? request.model,
      provider: 'openai',
      generated: new Date(this.options.now()).toISOString(),
    }
  }

  private toProviderError(error: unknown, options: AttemptOptions, attempt: WireAttempt): ProviderError {
    const known = findProviderError(error)
    if (known !== undefined) return known
    // Once the server had the request, nobody knows whether it goes on and bills it.
    const billing: Billing = attempt.hasLeft ? 'in-doubt' : 'free'
    if (error instanceof APIUserAbortError || options.signal.aborted) {
      return new ProviderError('Stopped before the answer came', {code: 'aborted', isRetryable: false, billing})
    }
    if (error instanceof APIConnectionTimeoutError) {
      return new ProviderError(
        `No whole answer within ${options.timeoutMs / 1000} s; raise --timeout if the model is slow`,
        {code: 'timeout', isRetryable: true, billing},
      )
    }
    if (error instanceof APIError && typeof error.status === 'number') return this.fromStatus(error)
    if (error instanceof SyntaxError) {
      return new ProviderError('Unexpected answer that is no JSON, expected a chat completion', {
        code: 'bad-response',
        isRetryable: true,
        billing,
      })
    }
    const {code, message} = rootReason(error)
    const detail = `${this.redact(message)}${code === '' || message.includes(code) ? '' : ` (${code})`}`
    const {origin} = new URL(this.options.baseUrl)
    if (attempt.hasLeft) {
      return new ProviderError(`Lost the connection to \`${origin}\` before the whole answer came: ${detail}`, {
        code: 'reset',
        isRetryable: true,
        billing,
      })
    }
    const isTls = /CERT|SELF_SIGNED|TLS|SSL|ALTNAME/i.test(code)
    const next = isTls
      ? 'nothing was sent: its certificate must be valid now, for this name and from a known authority (NODE_EXTRA_CA_CERTS adds one of your own)'
      : code === 'EMFILE' || code === 'ENFILE'
        ? 'no more connections may be open at once; raise the limit of open files (`ulimit -n`) or lower --concurrency'
        : 'is the server running, and is the base URL right?'
    return new ProviderError(`Cannot reach \`${origin}\`: ${detail}; ${next}`, {
      code: isTls ? 'tls' : 'connection',
      isRetryable: !isTls,
      isFatal: isTls,
    })
  }

  private fromStatus(error: APIError): ProviderError {
    const status = error.status as number
    const retryAfter = retryAfterMs(error.headers, this.options.now())
    const isPermanent = isPermanentRateLimit(error)
    return new ProviderError(
      `The server answered ${status}: ${this.redact(error.message.replace(/^\d{3} /, '')).slice(0, 300)}${isPermanent ? '; the quota of the account is used up, see its billing page' : advice(status)}`,
      {
        code: isPermanent ? 'quota' : `http-${status}`,
        isRetryable: isRetryableStatus(status) && !isPermanent && error.headers?.get('x-should-retry') !== 'false',
        isFatal: isPermanent || isFatalStatus(status, error),
        billing: isGivenUpStatus(status) ? 'in-doubt' : 'free',
        ...(retryAfter === undefined ? {} : {retryAfterMs: retryAfter}),
      },
    )
  }

  private excerpt(answer: unknown): string {
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
    return `\`${this.redact(text ?? 'nothing')
      .replace(/\s+/g, ' ')
      .slice(0, 120)}\``
  }

  /** Servers repeat the key in their messages; it is never shown. */
  private redact(text: string): string {
    const {apiKey} = this.options
    const hidden = apiKey === undefined || apiKey.length < 6 ? text : text.replaceAll(apiKey, '[key]')
    return hidden.replace(/\b(?:sk|Bearer)[-_ ][\w.-]{12,}/g, '[key]')
  }
}

function toFinishReason(reason: string | null | undefined): FinishReason {
  return reason === 'length' || reason === 'content_filter'
    ? reason
    : reason === 'stop' || reason === null || reason === undefined
      ? 'stop'
      : 'other'
}

/** Usage as the server reports it; undefined when it does not, or says what cannot be. */
function readUsage(reported: unknown): Usage | undefined {
  const {data} = usageSchema.safeParse(reported)
  if (data === undefined) return undefined
  const cached = data.prompt_tokens_details?.cached_tokens ?? undefined
  const reasoning = data.completion_tokens_details?.reasoning_tokens ?? undefined
  return {
    inputTokens: data.prompt_tokens,
    ...(cached === undefined ? {} : {cachedInputTokens: cached}),
    outputTokens: data.completion_tokens,
    ...(reasoning === undefined ? {} : {reasoningTokens: reasoning}),
  }
}

/** About four characters a token, marked as a guess. */
function estimateUsage(request: Request, text: string): Completion['usage'] {
  const input = request.messages.reduce((sum, {content}) => sum + content.length, 0)
  return {inputTokens: Math.ceil(input / 4), outputTokens: Math.ceil(text.length / 4), estimated: true}
}

function findProviderError(error: unknown): ProviderError | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    if (at instanceof ProviderError) return at
  }
  return undefined
}

/** The innermost cause with a code: what the network said. */
function rootReason(error: unknown): {code: string; message: string} {
  let found = {code: '', message: error instanceof Error ? error.message : String(error)}
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    const code: unknown = 'code' in at ? at.code : undefined
    if (at.message !== '') found = {...found, message: at.message}
    if (typeof code === 'string') found = {code, message: at.message === '' ? code : at.message}
  }
  return found
}

function advice(status: number): string {
  if (status === 401) return '; check the key in OPENAI_API_KEY'
  if (status === 403) return '; the key may not use this model'
  if (status === 404) return '; check --model and --base-url'
  return ''
}
