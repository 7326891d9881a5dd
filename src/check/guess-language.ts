interface KnownLanguage {
  readonly name: string
  /** Words that are frequent in this language and rare in the others. */
  readonly words?: ReadonlySet<string>
  /** Characters of its script, for languages that are told by it. */
  readonly script?: RegExp
}

function latin(name: string, words: string): KnownLanguage {
  return {name, words: new Set(words.split(' '))}
}

const languages: Readonly<Record<string, KnownLanguage>> = {
  en: latin('English', 'the and of to is are that with for this from by which it be or as an was when where'),
  de: latin('German', 'der die das und ist nicht mit eine einen einer auf für von werden wird sich dem den zu auch'),
  fr: latin('French', 'le les des et est une dans pour que qui avec sur par du aux ce cette sont plus'),
  es: latin('Spanish', 'el los las y es una para con que del por se como su sus más entre cuando'),
  it: latin('Italian', 'il gli di e è una per con che del della dei delle nel sono come più questo anche'),
  pt: latin('Portuguese', 'o os as e é uma para com que do da dos das em não são como mais pelo ao'),
  nl: latin('Dutch', 'de het een en van is niet met voor op dat zijn worden wordt ook aan door bij naar'),
  pl: latin('Polish', 'i w na z do jest się nie że oraz przez dla od są jak przy który która'),
  sv: latin('Swedish', 'och att det som är en för med av på till inte den från kan eller ett har'),
  da: latin('Danish', 'og at det som er en for med af på til ikke den fra kan eller et har'),
  ru: {name: 'Russian', script: /\p{Script=Cyrillic}/gu},
  uk: {name: 'Ukrainian', script: /\p{Script=Cyrillic}/gu},
  el: {name: 'Greek', script: /\p{Script=Greek}/gu},
  ar: {name: 'Arabic', script: /\p{Script=Arabic}/gu},
  he: {name: 'Hebrew', script: /\p{Script=Hebrew}/gu},
  hi: {name: 'Hindi', script: /\p{Script=Devanagari}/gu},
  th: {name: 'Thai', script: /\p{Script=Thai}/gu},
  ko: {name: 'Korean', script: /\p{Script=Hangul}/gu},
  ja: {name: 'Japanese', script: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/gu},
  zh: {name: 'Chinese', script: /\p{Script=Han}/gu},
}

/** Fewest words of a text that shows its language; lists of names and commands look like any. */
const fewestWords = 60

/** Whether a language, by its two letters, can be told from others. */
export function knowsLanguage(code: string): boolean {
  return Object.hasOwn(languages, code)
}

/** English name of a language that is known. */
export function languageName(code: string): string {
  return languages[code]?.name ?? code
}

/** Share of a text's words from which its language is beyond doubt. */
const clearShare = 0.06
/** Words that are looked at: a text does not change its language half-way. */
const mostCharacters = 2000

/** Language of a text by its frequent words or its script; `wanted` unless another one is certain. */
export function guessLanguage(prose: string, wanted: string): string {
  const start = prose.slice(0, mostCharacters)
  const own = languages[wanted]
  const words = start.toLowerCase().match(/\p{L}+/gu) ?? []
  const ownShare = own?.words === undefined ? 0 : shareOf(words, own.words)
  if (ownShare >= clearShare && words.length >= fewestWords) return wanted
  const letters = words.reduce((sum, word) => sum + word.length, 0)
  const isOf = (script: RegExp): boolean => letters > 0 && (start.match(script)?.length ?? 0) / letters > 0.5
  const script = isLatin(start)
    ? undefined
    : Object.entries(languages).find(([, its]) => its.script && isOf(its.script))
  if (script !== undefined) {
    const isOwn = own?.script !== undefined && isOf(own.script)
    return isOwn || letters < fewestWords ? wanted : script[0]
  }
  if (words.length < fewestWords) return wanted
  const shares = Object.entries(languages).flatMap(([code, {words: its}]): [string, number][] =>
    its === undefined ? [] : [[code, shareOf(words, its)]],
  )
  const [best] = shares.toSorted(([, one], [, other]) => other - one)
  // Danish and Swedish, Spanish and Portuguese share many words: only a clear lead counts.
  return best !== undefined && best[1] > 0.15 && ownShare < best[1] / 3 ? best[0] : wanted
}

/** Whether a text has Latin letters alone, typographic marks aside. */
function isLatin(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x24f && !isMark(text.charCodeAt(at))) return false
  return true
}

/** General punctuation: dashes, quotes, ellipses. */
function isMark(code: number): boolean {
  return code >= 0x2000 && code <= 0x2bff
}

function shareOf(words: readonly string[], frequent: ReadonlySet<string>): number {
  return words.reduce((count, word) => count + (frequent.has(word) ? 1 : 0), 0) / Math.max(1, words.length)
}
