// Controls but tab and line feed, DEL, C1, bidirectional controls, line and paragraph separators.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escaping them is the purpose
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** Text from models, files and servers as it may be shown: control sequences become visible escapes. */
export function escapeTerminal(text: string): string {
  return text.replace(unsafe, (character) => `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, '0')}`)
}

/** JSON whose strings hold no character that a terminal would act on. */
export function terminalSafeJson(value: unknown): string {
  return escapeTerminal(JSON.stringify(value, null, 2))
}
