/**
 * Whether a server that names `answered` did what it was asked for. A snapshot that ends in its date or number
 * (`gpt-5-mini-2025-08-07`), another name of its provider (`openai/gpt-5-mini`) and `latest` are the same model.
 */
export function isSameModel(asked: string, answered: string): boolean {
  const wanted = plainName(asked)
  const given = plainName(answered)
  if (given === wanted) return true
  return given.startsWith(wanted) && /^[-@](?:\d{4}-\d{2}-\d{2}|\d{8}|\d{3,4})$/.test(given.slice(wanted.length))
}

function plainName(model: string): string {
  return model
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/[-:]latest$/, '')
}
