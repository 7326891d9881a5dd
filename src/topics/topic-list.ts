/** A line of a topic list, without its marker, tags and citations. */
export interface TopicLine {
  /** From 1. */
  readonly line: number
  readonly text: string
}

/** A topic: a bullet, or a heading below a chapter's. */
export interface Topic extends TopicLine {
  /** What is before the colon of `Term: description`, else the whole text; without the full stop at its end. */
  readonly head: string
  /** What is behind the colon; empty where there is none. */
  readonly description: string
  readonly isNumbered: boolean
  readonly tags: readonly string[]
  /** Numbers of the bibliography, ascending. */
  readonly sources: readonly number[]
  /** Paragraphs that stand below it. */
  readonly notes: readonly TopicNote[]
  /** Fenced code below it, fences included. */
  readonly code: readonly TopicCode[]
  readonly children: readonly Topic[]
}

/** A paragraph that is no bullet. */
export interface TopicNote extends TopicLine {
  readonly sources: readonly number[]
}

/** A fenced block of a topic. */
export interface TopicCode {
  /** Line of its first line of code. */
  readonly line: number
  readonly info: string
  readonly lines: readonly string[]
}

/** A chapter of the course to be. */
export interface TopicChapter extends TopicLine {
  readonly tags: readonly string[]
  readonly sources: readonly number[]
  readonly notes: readonly TopicNote[]
  readonly code: readonly TopicCode[]
  readonly topics: readonly Topic[]
}

/** A topic list as read. */
export interface TopicList {
  /** Absent where the list has no title line. */
  readonly title?: TopicLine
  readonly tags: readonly string[]
  /** Paragraphs between the title and the first chapter. */
  readonly notes: readonly TopicNote[]
  /** Lines of the list's own front matter, without its fences. */
  readonly frontMatter: readonly string[]
  readonly chapters: readonly TopicChapter[]
}

/** Every topic of a list of topics, each before those below it. */
export function* eachTopic(topics: readonly Topic[]): Generator<Topic> {
  const stack = [...topics].reverse()
  for (let topic = stack.pop(); topic !== undefined; topic = stack.pop()) {
    yield topic
    for (let at = topic.children.length - 1; at >= 0; at--) stack.push(topic.children[at] as Topic)
  }
}
