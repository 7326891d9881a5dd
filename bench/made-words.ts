const nouns =
  `broker cluster topic partition replica leader follower producer consumer offset segment record batch header
key schema registry connector worker sink source stream window table store quota listener certificate policy role subnet
zone volume instance metric alarm dashboard log trace retention compaction snapshot backup restore upgrade version patch
rollout tenant namespace client driver pipeline queue buffer cache checkpoint timestamp watermark throughput latency
budget invoice region endpoint gateway proxy firewall secret rotation audit event payload format field default`.split(
    /\s+/,
  )
const verbs =
  `reads writes keeps moves balances limits encrypts replicates measures delays retries commits rejects accepts
stores deletes compacts restores monitors scales signs routes splits merges counts caches flushes`.split(/\s+/)
const joins = ['before', 'after', 'while', 'because', 'unless', 'so that', 'whenever', 'although']

type Random = () => number

/** One of the values, chosen by `random`. */
export function pick<Value>(values: readonly [Value, ...Value[]] | readonly Value[], random: Random): Value {
  return values[Math.floor(random() * values.length)] as Value
}

/** A whole number from `least` to `most`, both included. */
export function wholeNumber(least: number, most: number, random: Random): number {
  return least + Math.floor(random() * (most - least + 1))
}

/** A noun of the made-up vocabulary, in lower case. */
export function makeNoun(random: Random): string {
  return pick(nouns, random)
}

/** A title of two or three words with capitals. */
export function makeTitle(random: Random): string {
  const words = Array.from({length: wholeNumber(2, 3, random)}, () => makeNoun(random))
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join(' ')
}

/** A sentence of 8 to 22 words, with capital and full stop. */
export function makeSentence(random: Random): string {
  const clause = (): string =>
    `the ${makeNoun(random)} ${makeNoun(random)} ${pick(verbs, random)} each ${makeNoun(random)} of the ${makeNoun(random)}`
  const text = random() < 0.5 ? clause() : `${clause()} ${pick(joins, random)} ${clause()}`
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
