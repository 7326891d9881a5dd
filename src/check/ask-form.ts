import type {DirectiveKind} from '../model/job.ts'
import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob} from './contract.ts'

interface Form {
  readonly expected: string
  readonly holds: (text: CheckedText) => boolean
}

const bold: Form = {expected: 'words in bold that decide it', holds: (text) => text.nodes('strong').length > 0}
const code: Form = {expected: 'key terms in inline code', holds: (text) => text.nodes('inlineCode').length > 0}
const table: Form = {expected: 'a table', holds: (text) => text.nodes('table').length > 0}

/** What a part of a companion is, whatever its directive's words. */
const forms: Readonly<Partial<Record<DirectiveKind, Form>>> = {
  facts: bold,
  features: bold,
  choices: bold,
  notes: code,
  tips: code,
  comparison: table,
  'summary-table': table,
  'call-out': {
    expected: 'a call-out: a block quote that begins with its name in bold, as in `> **Exam signal:** …`',
    holds: (text) => text.nodes('blockquote').some((quote) => isCallOut(quote.children[0])),
  },
}

/** The form that the kind of a companion's part stands for. */
export function askForm({kind}: ContractJob): Asked | undefined {
  const form = forms[kind]
  if (form === undefined) return undefined
  const {expected, holds} = form
  return {
    expected,
    check: (text) => (holds(text) ? undefined : {message: `Unexpected text of another form, expected ${expected}`}),
  }
}

type Child = ReturnType<CheckedText['nodes']>[number]

/** Whether a quote's first block begins as exports read call-outs: with a label in bold, or with `[!NOTE]`. */
function isCallOut(first: Child | undefined): boolean {
  if (first?.type !== 'paragraph') return false
  const [lead] = first.children
  return lead?.type === 'strong' || (lead?.type === 'text' && lead.value.startsWith('[!'))
}
