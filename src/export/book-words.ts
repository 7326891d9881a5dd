/**
 * The words that exports add to a book, in its language. Names in braces stand for what `fillWords` puts there; every
 * language has the same ones.
 */
export interface BookWords {
  // Parts of a book.
  readonly contents: string
  /** Title of the list of tables. */
  readonly tables: string
  readonly glossary: string
  readonly index: string
  /** Heads those terms of the index that begin with no letter. */
  readonly symbols: string
  readonly answers: string
  /** `{title}` of the quiz. */
  readonly answersOf: string
  readonly cover: string
  /** `{title}` of the book. */
  readonly coverOf: string
  readonly titlePage: string
  /** Where the first chapter begins. */
  readonly beginning: string
  /** Title of the list of places that every reader can lead to. */
  readonly landmarks: string
  /** Stands for a title that is empty. */
  readonly untitled: string
  // Blocks.
  readonly table: string
  /** `{number}` and `{caption}`. */
  readonly tableOf: string
  // Call-outs without a title of their own.
  readonly note: string
  readonly tip: string
  readonly important: string
  readonly warning: string
  readonly caution: string
  /** Opens what is folded and has no summary. */
  readonly details: string
  readonly formula: string
  /** Stands for an image without a description that is not shown. */
  readonly image: string
  readonly footnotes: string
  /** `{number}`. */
  readonly footnote: string
  /** `{number}`. */
  readonly backToCall: string
  // Quizzes.
  /** `{number}`. */
  readonly question: string
  readonly several: string
  readonly answer: string
  /** `{number}`. */
  readonly answerTo: string
  /** `{answer}`: letters or words. */
  readonly correct: string
  readonly moreOnAnswers: string
  /** What a statement that is to be judged may be. */
  readonly isTrue: string
  readonly isFalse: string
  // Pages on paper.
  /** `{page}`: its number. */
  readonly page: string
  /** `{page}`: its number. */
  readonly answersOnPage: string
  // Quizzes that are answered in a browser.
  readonly check: string
  readonly chooseFirst: string
  readonly isRight: string
  readonly isWrong: string
  /** `{right}` of `{done}` questions. */
  readonly score: string
  /** `{left}` questions. */
  readonly left: string
  readonly again: string
  // The site around the pages.
  readonly search: string
  readonly searchBook: string
  /** `{count}` sections. */
  readonly found: string
  /** `{count}` sections. */
  readonly firstFound: string
  readonly nothingFound: string
  readonly skip: string
  readonly close: string
  readonly previous: string
  readonly next: string
  readonly neighbours: string
  readonly copy: string
  readonly copied: string
  readonly cannotCopy: string
  readonly lightColours: string
  readonly darkColours: string
  /** Said of a chapter. */
  readonly read: string
  /** `{done}` of `{all}`. */
  readonly chaptersRead: string
  /** `{title}` of the page that was read last. */
  readonly resume: string
  /** `{title}` of a heading. */
  readonly linkTo: string
}

/** Puts values into the braces of a word; what no value is given for stays as it is. */
export function fillWords(pattern: string, values: Readonly<Record<string, string | number>>): string {
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(Object.hasOwn(values, name) ? values[name] : whole),
  )
}
