/** Code between fences that are longer than any within it; of the language, only its first word stays. */
export function fenceCode(code: string, language: string): string {
  const longest = (code.match(/`{3,}/g) ?? []).reduce((length, run) => Math.max(length, run.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language.replace(/[`\s].*$/s, '')}\n${code}\n${fence}`
}
