/** Files of a new course, by path below its folder; templates are added from the program's own. */
export function courseFiles(name: string, version: string): Record<string, string> {
  return {
    'msk-course.yaml': config,
    'outline/course.md': outline(name),
    'sources/README.md': sources,
    '.gitignore': '.msk-course/\n*.tmp\noutput/**/.lock\n',
    '.gitattributes':
      '*.md text eol=lf\noutput/**/manifest.json text eol=lf linguist-generated\noutline/**/.*.topics.json text eol=lf linguist-generated\noutput/**/sections/**/*.md merge=text\n',
    '.github/workflows/course.yml': workflow(version),
  }
}

const config = `# yaml-language-server: $schema=./node_modules/msk-course/schema/msk-course.schema.json
# Every key is optional; an unknown key is an error. docs/config.md of msk-course explains them.

# Who writes the texts. Naming \`openai\` here is consent to spend whenever \`build\` runs.
# provider: openai
# model: gpt-5-mini
# baseUrl: http://127.0.0.1:11434/v1

# Bounds of the length in words, per kind of section.
kinds:
  summary:
    words: 60-150
  objectives:
    words: 40-200
`

function outline(name: string): string {
  const title =
    name
      .replace(/[^\p{L}\p{N} -]+/gu, ' ')
      .replace(/[-\s]+/g, ' ')
      .trim() || 'My course'
  return `---
title: ${JSON.stringify(title)}
language: en
---

# I. First Chapter

## Learning Objectives
"<prompt>Starting at heading level 3, write a bulleted list of what the learner can do after this chapter.</prompt>"

## First Topic
"<prompt>Starting at heading level 3, explain the topic in two paragraphs for a newcomer.</prompt>"
*   "<prompt>Starting at heading level 4 with a bullet point, explain the \`first point\` in two sentences.</prompt>"
*   "<prompt>Starting at heading level 4 with a bullet point, explain the \`second point\` in two sentences.</prompt>"

## Summary
"<prompt>Starting at heading level 3, write a short summary paragraph of this chapter.</prompt>"

## Key Terms
"<prompt>Starting at heading level 3, define these terms in a glossary format: \`First Point\`, \`Second Point\`.</prompt>"

## Self-Assessment Quiz
"<prompt>Starting at heading level 3, create a multiple-choice quiz of 3-4 questions with answers.</prompt>"
`
}

const sources = `# Sources

Notes that the course is grounded in, one Markdown file per topic. Drafts are composed from them, without a model.

A note holds definitions (\`**Term**: one or two sentences. [1]\`), facts as bullets under headings that match the
outline's, tables, code, and links as \`[1]: https://example.org/page "Title"\` at its end.
`

const workflow = (version: string): string => `name: course

on: [push, pull_request]

jobs:
  book:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          # The whole history, to compare with what the pull request goes into.
          fetch-depth: 0
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: npx --yes msk-course@${version} check --strict --format github
      # Sends nothing and needs no key: fails when a section is missing or older than its prompt.
      - run: npx --yes msk-course@${version} build --frozen
      # Reads what stands: links, anchors, terms, code, and what each prompt asks for.
      - run: npx --yes msk-course@${version} verify --format github
      # What the change makes of the texts, section by section; 1 means that there are differences.
      - if: github.event_name == 'pull_request'
        run: npx --yes msk-course@${version} diff "origin/$GITHUB_BASE_REF" --format markdown >> "$GITHUB_STEP_SUMMARY" || test $? -eq 1
`
