import type {VFile} from 'vfile'
import type {Outline} from '../model/outline.ts'
import {report} from '../model/report.ts'

/** Checks that the `sources` of directives are names below `sources/` (D6), and known ones where `names` is given. */
export function checkSources(outline: Outline, file: VFile, names?: ReadonlySet<string>): void {
  for (const directive of outline.directives) {
    for (const source of directive.attributes.sources ?? []) {
      const place = directive.position
      if (/^(?:[/\\~]|[a-z]:)/i.test(source) || source.split(/[/\\]/).includes('..')) {
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
