import {readFileSync} from 'node:fs'

// Keeps one comment of its own on a pull request: writes it the first time, changes it later.
// Argument: the Markdown file. Environment: GITHUB_EVENT_PATH, GITHUB_REPOSITORY, GITHUB_API_URL, TOKEN.

const marker = '<!-- msk-course diff -->'
/** Characters of a comment that GitHub takes. */
const longest = 65_536

const {GITHUB_EVENT_PATH = '', GITHUB_REPOSITORY = '', GITHUB_API_URL = 'https://api.github.com', TOKEN = ''} = process.env
const event = GITHUB_EVENT_PATH === '' ? {} : JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8'))
const number = event.pull_request?.number
if (number === undefined) {
  console.log('no pull request, so no comment')
  process.exit(0)
}

const text = readFileSync(process.argv[2], 'utf8')
const body = `${marker}\n${text}`.slice(0, longest)
const comments = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues/${number}/comments`

async function ask(url, method, value) {
  const answer = await fetch(url, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'user-agent': 'msk-course',
    },
    ...(value === undefined ? {} : {body: JSON.stringify(value)}),
  })
  if (!answer.ok) throw new Error(`Cannot ${method} ${url}: the server answers ${answer.status}`)
  return answer.json()
}

async function findOwn() {
  for (let page = 1; ; page++) {
    const found = await ask(`${comments}?per_page=100&page=${page}`, 'GET')
    const own = found.find((comment) => comment.body?.startsWith(marker))
    if (own !== undefined || found.length < 100) return own
  }
}

try {
  const own = await findOwn()
  if (own === undefined) await ask(comments, 'POST', {body})
  else if (own.body !== body) await ask(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues/comments/${own.id}`, 'PATCH', {body})
  console.log(own === undefined ? 'commented on the pull request' : 'the comment on the pull request is up to date')
} catch (error) {
  console.error(`error: ${error.message}; does the job have \`permissions: pull-requests: write\`?`)
  process.exit(1)
}
