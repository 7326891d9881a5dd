import {readFileSync} from 'node:fs'
import OpenAI from 'openai'
import pLimit from 'p-limit'

// What somebody writes in five minutes: every prompt to the server, so many at once. It keeps and prints nothing, knows
// no order, and gives up after the client's own two retries. Arguments: base URL, JSON file of prompts, requests at once.

const [baseURL, promptsFile, concurrency] = process.argv.slice(2) as [string, string, string]
const prompts = JSON.parse(readFileSync(promptsFile, 'utf8')) as string[]
const client = new OpenAI({baseURL, apiKey: 'none'})
const limit = pLimit(Number(concurrency))

await Promise.allSettled(
  prompts.map((content) =>
    limit(() => client.chat.completions.create({model: 'bench', messages: [{role: 'user', content}]})),
  ),
)
