import type {Repair} from './repair.ts'

/** Takes off reasoning that a model left before its answer: `<think>…</think>`, also without the opening tag. */
export function dropThoughts(text: string): {text: string; repairs: Repair[]} {
  if (!/<\/think/i.test(text)) return {text, repairs: []}
  const block = /^\s*<think(?:ing)?>[^]*?<\/think(?:ing)?>[ \t]*\n*/i.exec(text)
  const found = block ?? /^(?:(?!```|~~~|<think)[^])*?\n[ \t]*<\/think(?:ing)?>[ \t]*\n+/i.exec(text)
  if (found === null || text.slice(found[0].length).trim() === '') return {text, repairs: []}
  return {
    text: text.slice(found[0].length),
    repairs: [{ruleId: 'leaked-thoughts', detail: `${found[0].trim().length} characters`}],
  }
}
