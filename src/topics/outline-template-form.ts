import type {TemplateForm, TemplateSample} from '../model/prompt-template.ts'
import type {OutlineTemplate, PromptValues} from './outline-unit.ts'

const name = 'Kneading & folding'
const description = 'By hand, "gently".'
const points = '- Rest: an hour.\n  - Longer when it is cold.'
const title = 'Dough <first> steps'

/** Templates of a topic, by what of it each must not leave out. */
const kept: Readonly<Partial<Record<OutlineTemplate, readonly ('name' | 'description' | 'points')[]>>> = {
  topic: ['name', 'description', 'points'],
  points: ['name', 'description', 'points'],
  comparison: ['name', 'description', 'points'],
  problems: ['name', 'description', 'points'],
  steps: ['name', 'description', 'points'],
  item: ['name', 'description', 'points'],
}

/** What the templates of outlines may use. What a topic list says must reach its directive, or it would be lost. */
export const outlineTemplateForm: TemplateForm = {
  variables: {
    level: undefined,
    course: ['title'],
    chapter: ['title', 'subject', 'sort', 'topics', 'list', 'notes', 'code'],
    topic: [
      'name',
      'quoted',
      'description',
      'points',
      'list',
      'isEnumeration',
      'sides',
      'notes',
      'code',
      'hasItems',
      'isQuestion',
    ],
    terms: undefined,
    earlier: undefined,
    related: undefined,
    directives: undefined,
  },
  samples: (template) =>
    template.startsWith('refine')
      ? [refineSample(template)]
      : [false, true].flatMap((isFull) =>
          [false, true].flatMap((isQuestion) =>
            [false, true].map((hasItems) => sample(template, isFull, isQuestion, hasItems)),
          ),
        ),
}

/** Of requests that better wordings. */
function refineSample(template: string): TemplateSample {
  const directives = '<directive id="dough">Explain `Dough`.</directive>'
  return {
    values: template === 'refine' ? {course: {title: 'Bread'}, chapter: {title}, directives} : {},
    about: 'a chapter',
    keeps: template === 'refine' ? [{variable: 'directives', text: directives}] : [],
  }
}

function sample(template: string, isFull: boolean, isQuestion: boolean, hasItems: boolean): TemplateSample {
  const hasPoints = isFull && !(template === 'topic' && hasItems)
  const values: PromptValues = {
    level: 4,
    course: {title: isFull ? 'Bread' : ''},
    chapter: {
      title,
      subject: isFull ? title : '',
      topics: isFull ? ['Flour', 'Water'] : [],
      sort: isFull ? 'practices' : 'plain',
      list: isFull ? 'Flour and Water' : '',
      notes: isFull ? 'Weigh all of it.' : '',
      code: isFull ? '```\nbake\n```' : '',
    },
    topic: {
      name: isQuestion ? `${name}?` : name,
      quoted: isQuestion ? `\`${name}?\`` : `'${name}'`,
      description: isFull ? description : '',
      points: hasPoints ? points : '',
      list: isFull ? 'Rest and Fold' : '',
      isEnumeration: isFull,
      sides: isFull ? 'Hand and Machine' : '',
      notes: isFull ? 'Mind the salt.' : '',
      code: isFull ? '```\nknead\n```' : '',
      hasItems,
      isQuestion,
    },
    terms: isFull ? ['Crumb', 'Crust'] : [],
    earlier: isFull ? [{term: 'Yeast', chapter: 'Flour'}] : [],
    related: isFull ? [{title: 'Ovens', shared: ['Heat']}] : [],
  }
  const parts = {name: values.topic.name, description: values.topic.description, points: values.topic.points}
  const keeps = (kept[template as OutlineTemplate] ?? []).map((part) => ({
    variable: `topic.${part}`,
    text: parts[part],
  }))
  return {
    values: {...values},
    about: isQuestion ? 'a question' : 'a topic',
    keeps: template === 'overview' ? [{variable: 'chapter.title', text: title}] : keeps,
  }
}
