import GithubSlugger from 'github-slugger'

/** The anchors that GitHub and most programs give a document's headings, in their order: `a`, `a-1`, `a-2`. */
export function headingAnchors(titles: Iterable<string>): string[] {
  const slugger = new GithubSlugger()
  return [...titles].map((title) => slugger.slug(title))
}
