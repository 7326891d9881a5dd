import type {VFile} from 'vfile'
import type {Outline} from '../model/outline.ts'
import {report} from '../model/report.ts'

/**
 * Checks that the `sources` of directives are names below `sources/` or numbers of the bibliography (D6), and known ones
 * where `names` or `numbers` is given. An item of digits alone is a number.
 */
export function checkSources(
  outline: Outline,
  file: VFile,
  names?: ReadonlySet<string>,
  numbers?: ReadonlySet<number>,
): void {
  for (const directive of outline.directives) {
    for (const source of directive.attributes.sources ?? []) {
      const place = directive.position
      if (/^\d+$/.test(source)) {
        if (numbers === undefined || numbers.has(Number(source))) continue
        report(file, 'invalid-source', `Unexpected source \`${source}\`, expected a number of the bibliography`, {
          place,
          actual: source,
        })
      } else if (/^(?:[/\\~]|[a-z]:)/i.test(source) || source.split(/[/\\]/).includes('..')) {
        report(
          file,
          'invalid-source',
          `Unexpected source \`${source}\`, expected the name of a file below \`sources/\``,
          {place, actual: source},
        )
      } else if (names !== undefined && !names.has(source) && !names.has(`${source}.md`)) {
        report(
          file,
          'invalid-source',
          `Unexpected source \`${source}\`, expected a file of that name below \`sources/\``,
          {place, actual: source},
        )
      }
    }
  }
}
