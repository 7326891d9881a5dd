import type {Repair} from './repair.ts'

const tag = '(?:think|thinking|thought|reasoning)'
const block = new RegExp(`^\\s*<(${tag})>[^]*?</\\1>[ \\t]*\\n*`, 'i')
const untilClosing = new RegExp(`^(?:(?!\`\`\`|~~~|<${tag}>)[^])*?\\n[ \\t]*</${tag}>[ \\t]*\\n+`, 'i')

/** Takes off reasoning that a model left before its answer: `<think>…</think>`, also without the opening tag. */
export function dropThoughts(text: string): {text: string; repairs: Repair[]} {
  if (!/<\/(?:think|thought|reasoning)/i.test(text)) return {text, repairs: []}
  let rest = text
  for (let found = block.exec(rest); found !== null; found = block.exec(rest)) rest = rest.slice(found[0].length)
  if (rest === text) rest = text.slice(untilClosing.exec(text)?.[0].length ?? 0)
  if (rest === text || rest.trim() === '') return {text, repairs: []}
  const taken = text.slice(0, text.length - rest.length).trim()
  return {text: rest, repairs: [{ruleId: 'leaked-thoughts', detail: `${taken.length} characters`}]}
}
