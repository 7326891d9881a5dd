import OpenAI, {APIConnectionTimeoutError, APIError, APIUserAbortError} from 'openai'
import {z} from 'zod'
import type {Completion, FinishReason} from '../model/completion.ts'
import {type Provider, ProviderError} from '../model/provider.ts'
import {type Request, requestAddress} from '../model/request.ts'
import {cappedFetch} from './capped-fetch.ts'
import {isFatalStatus, isPermanentRateLimit, isRetryableStatus, retryAfterMs} from './server-faults.ts'

export interface OpenAiOptions {
  readonly baseUrl: string
  /** Left out for a server that asks for none. */
  readonly apiKey?: string
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

const usageSchema = z.looseObject({
  prompt_tokens: z.int().nonnegative(),
  completion_tokens: z.int().nonnegative(),
  prompt_tokens_details: z.looseObject({cached_tokens: z.int().nonnegative().nullish()}).nullish(),
})

/** Any server that speaks OpenAI's chat completions. Retries are the scheduler's: the client's own are off. */
export class OpenAiProvider implements Provider {
  readonly name = 'openai'
  private readonly client: OpenAI
  private readonly takesCompletionLimit: boolean

  constructor(private readonly options: OpenAiOptions) {
    this.client = new OpenAI({
      baseURL: options.baseUrl,
      apiKey: options.apiKey ?? 'none',
      organization: null,
      project: null,
      maxRetries: 0,
      fetch: cappedFetch,
      logLevel: 'off',
      ...(options.apiKey === undefined ? {defaultHeaders: {Authorization: null}} : {}),
    })
    // OpenAI's own models take only the newer name; most other servers know only the older one.
    this.takesCompletionLimit = new URL(options.baseUrl).hostname === 'api.openai.com'
  }

  async complete(
    request: Request,
    options: {readonly signal: AbortSignal; readonly timeoutMs: number},
  ): Promise<Completion> {
    const {maxTokens} = request.limits
    const {temperature, topP, seed, stop} = request.sampling
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
        {signal: options.signal, timeout: options.timeoutMs},
      )
    } catch (error) {
      throw this.toProviderError(error, options)
    }
    return this.readAnswer(answer, request)
  }

  /** A completion out of a 200, which alone is no success: error objects, HTML and blank contents are faults. */
  private readAnswer(answer: unknown, request: Request): Completion {
    const parsed = answerSchema.safeParse(answer)
    if (!parsed.success) {
      throw new ProviderError(`Unexpected answer ${this.excerpt(answer)}, expected a chat completion`, {
        code: 'bad-response',
        isRetryable: true,
      })
    }
    const choice = parsed.data.choices.find(({index}) => index === 0) ?? parsed.data.choices[0]
    const {message, finish_reason: reason} = choice as NonNullable<typeof choice>
    const finish = toFinishReason(reason)
    if (finish === 'content_filter') {
      throw new ProviderError('The provider held the completion back (content_filter); change the prompt', {
        code: 'content-filter',
        isRetryable: false,
      })
    }
    if (typeof message.refusal === 'string' && message.refusal !== '') {
      throw new ProviderError(`The model refused: ${this.redact(message.refusal).slice(0, 200)}`, {
        code: 'refusal',
        isRetryable: false,
      })
    }
    const text = (message.content ?? '').toWellFormed()
    if (finish === 'length') {
      throw new ProviderError(
        'The completion was cut off at the token limit (finish_reason `length`); raise `max-tokens`',
        {
          code: 'truncated',
          isRetryable: false,
        },
      )
    }
    if (text.trim() === '') {
      throw new ProviderError('Unexpected blank completion, expected a text', {code: 'blank', isRetryable: true})
    }
    const {usage: reported} = parsed.data as {usage?: unknown}
    const usage = usageSchema.safeParse(reported)
    const cached = usage.data?.prompt_tokens_details?.cached_tokens
    return {
      request: requestAddress(request),
      text,
      finish,
      usage: usage.success
        ? {
            inputTokens: usage.data.prompt_tokens,
            ...(cached === undefined || cached === null ? {} : {cachedInputTokens: cached}),
            outputTokens: usage.data.completion_tokens,
          }
        : estimateUsage(request, text),
      model: parsed.data.model ?? request.model,
      provider: 'openai',
      generated: new Date(this.options.now()).toISOString(),
    }
  }

  private toProviderError(
    error: unknown,
    options: {readonly signal: AbortSignal; readonly timeoutMs: number},
  ): ProviderError {
    const known = findProviderError(error)
    if (known !== undefined) return known
    if (error instanceof APIUserAbortError || options.signal.aborted) {
      return new ProviderError('Stopped before the answer came', {code: 'aborted', isRetryable: false})
    }
    if (error instanceof APIConnectionTimeoutError) {
      return new ProviderError(
        `No whole answer within ${options.timeoutMs / 1000} s; raise --timeout if the model is slow`,
        {code: 'timeout', isRetryable: true},
      )
    }
    if (error instanceof APIError && typeof error.status === 'number') return this.fromStatus(error)
    if (error instanceof SyntaxError) {
      return new ProviderError('Unexpected answer that is no JSON, expected a chat completion', {
        code: 'bad-response',
        isRetryable: true,
      })
    }
    const reason = rootReason(error)
    const isTls = /CERT|SELF_SIGNED|TLS|SSL|ALTNAME/i.test(reason.code)
    return new ProviderError(
      `Cannot reach \`${new URL(this.options.baseUrl).origin}\`: ${this.redact(reason.message)}${reason.code === '' || reason.message.includes(reason.code) ? '' : ` (${reason.code})`}; is the server running, and is the base URL right?`,
      {
        code: isTls ? 'tls' : 'connection',
        isRetryable: !isTls,
        isFatal: isTls,
      },
    )
  }

  private fromStatus(error: APIError): ProviderError {
    const status = error.status as number
    const retryAfter = retryAfterMs(error.headers, this.options.now())
    const isPermanent = isPermanentRateLimit(error)
    return new ProviderError(
      `The server answered ${status}: ${this.redact(error.message.replace(/^\d{3} /, '')).slice(0, 300)}${advice(status)}`,
      {
        code: isPermanent ? 'quota' : `http-${status}`,
        isRetryable: isRetryableStatus(status) && !isPermanent,
        isFatal: isPermanent || isFatalStatus(status, error),
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
