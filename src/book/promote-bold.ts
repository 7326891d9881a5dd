import type {Heading, Paragraph, PhrasingContent, Root, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import {loneBold} from './drop-repeated-title.ts'
import type {Repair} from './repair.ts'

const maxLength = 80
/** Ends of a sentence, a question or a label, which no heading has. */
const ending = /[.!?:;,…。！？：]["'”’»)]?$/
/** Words that name what stands behind them and are no title of their own, in several languages. */
const label =
  /^(?:note|tip|warning|caution|important|example|answer|answers|solution|solutions|hint|true|false|hinweis|achtung|wichtig|tipp|beispiel|antwort|antworten|lösung|lösungen|remarque|attention|conseil|exemple|réponse|réponses|nota|importante|consejo|ejemplo|respuesta|respuestas|atención|dica|exemplo|resposta|respostas|atenção|attenzione|esempio|risposta|risposte|consiglio|let op|voorbeeld|antwoord|antwoorden|uwaga|przykład|odpowiedź|odpowiedzi|примечание|внимание|пример|ответ|ответы|注意|提示|示例|答案|例|解答)$/
/** A letter or number of an option or a question: `B. Brokers`, `Answer: C`. */
const option = /^\(?[\p{Lu}a-h][.)]\s|:\s*\S{1,3}$/u

/**
 * Makes headings of lone bold paragraphs that stand for one: short, without the end of a sentence or a label, and with
 * text behind them. One alone before a list only leads it and stays. `kept` are paragraphs that stay whatever they
 * hold; `depth` is where the first heading stands. Changes `root`.
 */
export function promoteBold(root: Root, kept: ReadonlySet<RootContent>, depth: number): Repair[] {
  const found = root.children.flatMap((node, at) => {
    const next = root.children[at + 1]
    return next !== undefined && !kept.has(node) && isTitle(node) && isContent(next) ? [at] : []
  })
  if (found.length === 0) return []
  if (found.length === 1 && root.children[(found[0] as number) + 1]?.type === 'list') return []
  const repairs: Repair[] = []
  const promoted = new Set(found)
  let above = depth - 1
  root.children.forEach((node, at) => {
    if (node.type === 'heading') above = node.depth
    if (!promoted.has(at) || above >= 6) return
    const children = loneBold(node) as PhrasingContent[]
    root.children[at] = {type: 'heading', depth: (above + 1) as Heading['depth'], children}
    repairs.push({ruleId: 'bold-heading', detail: nodeText(node as Paragraph)})
  })
  return repairs
}

function isTitle(node: RootContent): boolean {
  const content = loneBold(node)
  if (content === undefined || content.some(({type}) => type === 'break' || type === 'html' || type === 'image'))
    return false
  const text = nodeText(node as Paragraph).trim()
  if (text.length < 3 || text.length > maxLength || text.includes('\n')) return false
  return !ending.test(text) && !label.test(text.toLowerCase()) && !option.test(text)
}

/** Whether a block can be what a heading stands over: not another title, and no rule. */
function isContent(node: RootContent): boolean {
  if (node.type === 'html') return /^<details/i.test(node.value)
  return (
    !['heading', 'thematicBreak', 'definition', 'footnoteDefinition'].includes(node.type) &&
    loneBold(node) === undefined
  )
}
