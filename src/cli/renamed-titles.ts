/**
 * Titles that headings had under a former id of a section or directive and no longer have, as far as slugs tell them.
 * None where the section is at another depth now, so that one cannot be told from the other.
 */
export function renamedTitles(former: string, present: string): string[] {
  const before = titlesOf(former)
  const now = titlesOf(present)
  return before.length === now.length ? before.filter((title, at) => title !== now[at]) : []
}

function titlesOf(id: string): string[] {
  // Counted slugs and numbers of chapters are no part of a title.
  return id
    .replace(/#\d+$/, '')
    .split('/')
    .map((slug) =>
      slug
        .replace(/-\d+$/, '')
        .replace(/^(?:[ivxlc]+|\d+)-(?=.)/, '')
        .replaceAll('-', ' '),
    )
}
