import {toString as nodeText} from 'mdast-util-to-string'
import {parseMarkdown} from '../syntax/parse-markdown.ts'

const reference = /&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);/gi

/** Text of raw HTML with character references as the characters; `isMeant` tells which, by default all. */
export function decodeReferences(value: string, isMeant: (character: string) => boolean = () => true): string {
  return value.replace(reference, (written) => {
    const character = nodeText(parseMarkdown(written))
    return isMeant(character) ? character : written
  })
}
