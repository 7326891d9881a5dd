/**
 * How a language words what a draft says by itself. In a sentence, `{}` stands for a name that is already set off, or for
 * several that are joined.
 */
export interface DraftPhrases {
  /** Stands before a draft of its own; of fewer than six words, so that a draft that is to be one paragraph is one. */
  readonly marker: string
  /** Stands behind the first line of a draft in a list item. */
  readonly itemMark: string
  readonly uncovered: string
  /** For a term of a glossary, behind its name. */
  readonly undefinedTerm: string
  /** For a cell of a table. */
  readonly emptyCell: string
  /** For what another section of the chapter says: the subject, then the section. */
  readonly elsewhere: string
  /** For what the text above a list item says. */
  readonly above: string
  /** For what the sections below say. */
  readonly parts: string
  /** For what the list items below say. */
  readonly below: string
  readonly noCode: string
  readonly noTable: string
  readonly ownCode: readonly [one: string, several: string]
  /** Objectives for one subject, used in turn. */
  readonly objectives: readonly string[]
  readonly questionObjective: string
  readonly define: string
  readonly and: string
  readonly whichTerm: string
  readonly whatIs: string
  readonly fillGap: string
  readonly whichStatement: string
  /** Behind the right option of a question for a definition. */
  readonly byDefinition: string
  /** Behind the right option of a question for a fact; `{}` is the topic. */
  readonly byTopic: string
  /** Behind a link: `{}` is what the course takes from there. */
  readonly restsOn: string
  readonly readFor: string
  readonly reflect: string
  /** Heads of a table that was put together. */
  readonly aspect: string
  readonly whatItIs: string
  readonly source: string
}

const en: DraftPhrases = {
  marker: "*Draft from the course's sources.*",
  itemMark: '*(draft)*',
  uncovered: 'No source covers {} yet.',
  undefinedTerm: 'No source defines this term yet.',
  emptyCell: '*no source covers this*',
  elsewhere: 'What the sources say on {} stands under {}.',
  below: 'The points below take up {}.',
  parts: 'The sections below take up {}.',
  above: 'The sources say no more on {} than stands above.',
  noCode: 'No source gives {} for this yet.',
  noTable: 'No source compares these yet.',
  ownCode: ['The outline gives this code:', 'The outline gives these pieces of code:'],
  objectives: ['Explain {}.', 'Describe {} in your own words.', 'Name the main points of {}.'],
  questionObjective: 'Answer the question {}',
  define: 'Define {}.',
  and: 'and',
  whichTerm: 'Which term fits this description: “{}”?',
  whatIs: 'Which description fits {}?',
  fillGap: 'What belongs in the gap: “{}”?',
  whichStatement: 'Which statement do the sources make on {}?',
  byDefinition: 'by its definition.',
  byTopic: 'the sources say so on {}.',
  restsOn: 'the source for {}.',
  readFor: 'see {}.',
  reflect: 'Where do you meet {} in your own work, and what would you do differently after this chapter?',
  aspect: 'Aspect',
  whatItIs: 'What it is',
  source: 'Source:',
}

const de: DraftPhrases = {
  marker: '*Entwurf aus Quellen des Kurses.*',
  itemMark: '*(Entwurf)*',
  uncovered: 'Keine Quelle behandelt bisher {}.',
  undefinedTerm: 'Keine Quelle erklärt diesen Begriff bisher.',
  emptyCell: '*keine Quelle dazu*',
  elsewhere: 'Was die Quellen zu {} sagen, steht unter {}.',
  below: 'Die folgenden Punkte behandeln {}.',
  parts: 'Die folgenden Abschnitte behandeln {}.',
  above: 'Zu {} sagen die Quellen nicht mehr, als oben steht.',
  noCode: 'Keine Quelle gibt dafür bisher {}.',
  noTable: 'Keine Quelle vergleicht dies bisher.',
  ownCode: ['Die Gliederung gibt diesen Code:', 'Die Gliederung gibt diese Stücke Code:'],
  objectives: ['{} erklären.', '{} mit eigenen Worten beschreiben.', 'Die Hauptpunkte von {} nennen.'],
  questionObjective: 'Die Frage beantworten: {}',
  define: '{} definieren.',
  and: 'und',
  whichTerm: 'Welcher Begriff passt zu dieser Beschreibung: „{}“?',
  whatIs: 'Welche Beschreibung passt zu {}?',
  fillGap: 'Was gehört in die Lücke: „{}“?',
  whichStatement: 'Welche Aussage machen die Quellen zu {}?',
  byDefinition: 'nach der Definition.',
  byTopic: 'so die Quellen zu {}.',
  restsOn: 'die Quelle für {}.',
  readFor: 'siehe {}.',
  reflect: 'Wo begegnet Ihnen {} in der eigenen Arbeit, und was würden Sie nach diesem Kapitel anders machen?',
  aspect: 'Aspekt',
  whatItIs: 'Was es ist',
  source: 'Quelle:',
}

const fr: DraftPhrases = {
  marker: '*Brouillon tiré des sources.*',
  itemMark: '*(brouillon)*',
  uncovered: 'Aucune source ne traite encore de {}.',
  undefinedTerm: 'Aucune source ne définit encore ce terme.',
  emptyCell: '*aucune source*',
  elsewhere: 'Ce que les sources disent de {} se trouve sous {}.',
  below: 'Les points suivants traitent de {}.',
  parts: 'Les sections suivantes traitent de {}.',
  above: 'Les sources ne disent de {} que ce qui précède.',
  noCode: 'Aucune source ne donne encore {} pour cela.',
  noTable: 'Aucune source ne les compare encore.',
  ownCode: ['Le plan donne ce code :', 'Le plan donne ces morceaux de code :'],
  objectives: ['Expliquer {}.', 'Décrire {} avec ses propres mots.', 'Nommer les points principaux de {}.'],
  questionObjective: 'Répondre à la question {}',
  define: 'Définir {}.',
  and: 'et',
  whichTerm: 'Quel terme correspond à cette description : « {} » ?',
  whatIs: 'Quelle description correspond à {} ?',
  fillGap: 'Que faut-il mettre dans le blanc : « {} » ?',
  whichStatement: 'Laquelle de ces choses les sources disent-elles de {} ?',
  byDefinition: 'selon sa définition.',
  byTopic: 'les sources le disent à propos de {}.',
  restsOn: 'la source pour {}.',
  readFor: 'voir {}.',
  reflect: 'Où rencontrez-vous {} dans votre travail, et que feriez-vous autrement après ce chapitre ?',
  aspect: 'Aspect',
  whatItIs: "Ce que c'est",
  source: 'Source :',
}

const es: DraftPhrases = {
  marker: '*Borrador según las fuentes.*',
  itemMark: '*(borrador)*',
  uncovered: 'Ninguna fuente trata todavía {}.',
  undefinedTerm: 'Ninguna fuente define todavía este término.',
  emptyCell: '*ninguna fuente*',
  elsewhere: 'Lo que dicen las fuentes sobre {} está en {}.',
  below: 'Los puntos siguientes tratan {}.',
  parts: 'Las secciones siguientes tratan {}.',
  above: 'Las fuentes no dicen de {} más de lo que está arriba.',
  noCode: 'Ninguna fuente da todavía {} para esto.',
  noTable: 'Ninguna fuente los compara todavía.',
  ownCode: ['El esquema da este código:', 'El esquema da estos fragmentos de código:'],
  objectives: ['Explicar {}.', 'Describir {} con palabras propias.', 'Nombrar los puntos principales de {}.'],
  questionObjective: 'Responder a la pregunta {}',
  define: 'Definir {}.',
  and: 'y',
  whichTerm: '¿Qué término corresponde a esta descripción: «{}»?',
  whatIs: '¿Qué descripción corresponde a {}?',
  fillGap: '¿Qué va en el hueco: «{}»?',
  whichStatement: '¿Cuál de estas cosas dicen las fuentes sobre {}?',
  byDefinition: 'según su definición.',
  byTopic: 'así lo dicen las fuentes sobre {}.',
  restsOn: 'la fuente para {}.',
  readFor: 'véase {}.',
  reflect: '¿Dónde encuentra {} en su propio trabajo, y qué haría de otro modo después de este capítulo?',
  aspect: 'Aspecto',
  whatItIs: 'Qué es',
  source: 'Fuente:',
}

const it: DraftPhrases = {
  marker: '*Bozza tratta dalle fonti.*',
  itemMark: '*(bozza)*',
  uncovered: 'Nessuna fonte tratta ancora {}.',
  undefinedTerm: 'Nessuna fonte definisce ancora questo termine.',
  emptyCell: '*nessuna fonte*',
  elsewhere: 'Quello che le fonti dicono su {} sta in {}.',
  below: 'I punti seguenti trattano {}.',
  parts: 'Le sezioni seguenti trattano {}.',
  above: 'Su {} le fonti non dicono più di quanto sta sopra.',
  noCode: 'Nessuna fonte dà ancora {} per questo.',
  noTable: 'Nessuna fonte li confronta ancora.',
  ownCode: ['La scaletta dà questo codice:', 'La scaletta dà questi pezzi di codice:'],
  objectives: ['Spiegare {}.', 'Descrivere {} con parole proprie.', 'Nominare i punti principali di {}.'],
  questionObjective: 'Rispondere alla domanda {}',
  define: 'Definire {}.',
  and: 'e',
  whichTerm: 'Quale termine corrisponde a questa descrizione: «{}»?',
  whatIs: 'Quale descrizione corrisponde a {}?',
  fillGap: 'Che cosa va nello spazio vuoto: «{}»?',
  whichStatement: 'Quale di queste cose dicono le fonti su {}?',
  byDefinition: 'secondo la definizione.',
  byTopic: 'così le fonti su {}.',
  restsOn: 'la fonte per {}.',
  readFor: 'vedi {}.',
  reflect: 'Dove incontra {} nel proprio lavoro, e che cosa farebbe diversamente dopo questo capitolo?',
  aspect: 'Aspetto',
  whatItIs: "Che cos'è",
  source: 'Fonte:',
}

const phrasesByLanguage: Readonly<Record<string, DraftPhrases>> = {en, de, fr, es, it}

/** Phrases of a language by its BCP 47 tag; English for one that the table does not have. */
export function phrasesFor(language: string | undefined): DraftPhrases {
  const code = (language ?? 'en').toLowerCase().split(/[-_]/)[0] ?? ''
  return (Object.hasOwn(phrasesByLanguage, code) ? phrasesByLanguage[code] : undefined) ?? en
}

/** Puts names into a phrase. */
export function fillPhrase(phrase: string, names: string): string {
  return phrase.replace('{}', () => names)
}

/** Joins names as a sentence does: `A`, `A and B`, `A, B, and C`. */
export function joinNames(names: readonly string[], and: string): string {
  if (names.length < 3) return names.join(` ${and} `)
  return `${names.slice(0, -1).join(', ')}${and === 'and' ? ',' : ''} ${and} ${names.at(-1)}`
}

let own: RegExp | undefined

/** Whether a sentence is one that drafts say of themselves, in any language: a pointer, a mark or that nothing is known. */
export function isDraftPhrase(sentence: string): boolean {
  own ??= ownPhrases()
  return own.test(sentence.trim())
}

/** A text without the marks of drafts in list items. */
export function withoutItemMarks(text: string): string {
  return Object.values(phrasesByLanguage).reduce(
    (rest, {itemMark}) => rest.replaceAll(` ${itemMark}`, '').replaceAll(itemMark, ''),
    text,
  )
}

function ownPhrases(): RegExp {
  const phrases = Object.values(phrasesByLanguage).flatMap((some) => [
    ...[some.marker, some.itemMark, some.uncovered, some.undefinedTerm, some.emptyCell, some.elsewhere, some.above],
    ...[some.parts, some.below, some.noCode, some.noTable, ...some.ownCode],
  ])
  const patterns = phrases.map((phrase) =>
    phrase
      .split('{}')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+'),
  )
  return new RegExp(`^(?:${patterns.join('|')})$`, 'u')
}
