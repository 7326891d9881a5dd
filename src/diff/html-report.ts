import type {SectionDiff} from './diff-books.ts'
import {changeWords, costWords, type DiffReport, sectionName, sectionWordCount, totalsLine} from './diff-report.ts'
import type {BlockDiff, TextDiff} from './diff-texts.ts'
import {escapeHtml, htmlPage} from './html-page.ts'
import {type SideCell, sideBySideHtml} from './side-by-side-html.ts'

/** A report as one page that opens offline: a table of the sections, then each with its texts side by side. */
export function htmlReport(report: DiffReport): string {
  const title = `${report.base} → ${report.head}`
  const rows = report.sections.map((section, at) => summaryRow(section, at, report)).join('\n')
  const table = `<table><thead><tr><th scope="col">section</th><th scope="col">change</th><th scope="col">words</th><th scope="col">cost</th></tr></thead><tbody>\n${rows}\n</tbody></table>`
  const sections = report.sections.map((section, at) => sectionHtml(section, at, report)).join('\n')
  const body = `<a class="skip" href="#sections">To the sections</a>
<header><h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(totalsLine(report))}</p></header>
${report.sections.length === 0 ? '' : `<nav aria-label="sections">${table}</nav>`}
<main id="sections">
${sections}
</main>`
  return htmlPage({title, body})
}

function summaryRow(section: SectionDiff, at: number, report: DiffReport): string {
  const cells = [describe(section), sectionWordCount(section), costWords(section.costUsd)]
  const name = `<td><a href="#section-${at + 1}">${escapeHtml(sectionName(section, report))}</a></td>`
  return `<tr>${name}${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`
}

function describe(section: SectionDiff): string {
  return changeWords(section) + (section.from === undefined ? '' : ` from ${section.from}`)
}

function sectionHtml(section: SectionDiff, at: number, report: DiffReport): string {
  const parts = [
    textHtml('Prompt', section.prompt, report),
    textHtml('Own text', section.own, report),
    textHtml('Text', section.text, report),
  ].join('')
  const name = escapeHtml(sectionName(section, report))
  const facts = [section.title, describe(section), sectionWordCount(section), costWords(section.costUsd)]
  const quiet = facts.filter((fact) => fact !== '').join(' · ')
  return `<details id="section-${at + 1}" open><summary><h2>${name}</h2> <span class="quiet">${escapeHtml(quiet)}</span></summary>
${parts}</details>`
}

function textHtml(title: string, diff: TextDiff | undefined, {base, head}: DiffReport): string {
  if (diff === undefined || diff.change === 'same') return ''
  const note = diff.change === 'reflowed' ? '<p class="quiet">Only reflowed: no word changed.</p>' : ''
  const rows = note === '' ? sideRows(diff.blocks) : []
  return `<h3>${title}</h3>\n${note}${rows.length === 0 ? '' : sideBySideHtml({headings: [base, head], rows})}\n`
}

/** Blocks that are shown around those that changed. */
const shownAround = 1

/** Rows of two columns; of a long run of equal blocks only those next to a change, with the number of the others. */
function sideRows(blocks: readonly BlockDiff[]): (SideCell | undefined)[][] {
  const rows: (SideCell | undefined)[][] = []
  let left = 0
  const closeLeft = (): void => {
    if (left > 0) {
      const cell = noteCell(`… ${left} ${left === 1 ? 'block' : 'blocks'} unchanged`)
      rows.push([cell, cell])
    }
    left = 0
  }
  blocks.forEach((block, at) => {
    const near = blocks.slice(Math.max(0, at - shownAround), at + shownAround + 1)
    if (near.every(({change}) => change === 'same')) left++
    else {
      closeLeft()
      rows.push(sideRow(block))
    }
  })
  closeLeft()
  return rows
}

function noteCell(text: string): SideCell {
  return {kind: 'other', change: 'same', spans: [{change: 'same', text}]}
}

function sideRow(block: BlockDiff): (SideCell | undefined)[] {
  if (block.change === 'same') return [block, block]
  if (block.change === 'added') return [undefined, block]
  if (block.change === 'removed') return [block, undefined]
  const without = (change: 'added' | 'removed'): SideCell => ({
    ...block,
    spans: block.spans.filter((span) => span.change !== change),
  })
  return [without('added'), without('removed')]
}
