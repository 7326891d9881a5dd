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

/** Language of a text by its frequent words or its script; `wanted` unless another one is certain. */
export function guessLanguage(prose: string, wanted: string): string {
  const words = prose.toLowerCase().match(/\p{L}+/gu) ?? []
  const letters = words.reduce((sum, word) => sum + word.length, 0)
  const own = languages[wanted]
  const script = Object.entries(languages).find(
    ([, {script: its}]) => its !== undefined && share(prose, its, letters) > 0.5,
  )
  if (script !== undefined) {
    const isOwn = own?.script !== undefined && share(prose, own.script, letters) > 0.5
    return isOwn || letters < fewestWords ? wanted : script[0]
  }
  if (words.length < fewestWords) return wanted
  const shares = Object.entries(languages).flatMap(([code, {words: its}]): [string, number][] =>
    its === undefined ? [] : [[code, words.filter((word) => its.has(word)).length / words.length]],
  )
  const [best] = shares.toSorted(([, one], [, other]) => other - one)
  const ownShare = shares.find(([code]) => code === wanted)?.[1] ?? 0
  // Danish and Swedish, Spanish and Portuguese share many words: only a clear lead counts.
  return best !== undefined && best[1] > 0.15 && ownShare < best[1] / 3 ? best[0] : wanted
}

function share(prose: string, script: RegExp, letters: number): number {
  return letters === 0 ? 0 : (prose.match(script)?.length ?? 0) / letters
}
