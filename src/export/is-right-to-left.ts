/** Whether texts of a language, by its tag, run from right to left. */
export function isRightToLeft(language: string): boolean {
  return /^(?:ar|dv|fa|he|ku-arab|ps|sd|ug|ur|yi)\b/i.test(language)
}
