const atOnce = 16

/** Does work on each of many values, 16 at once, so that a store of any size needs little memory. */
export async function inBatches<Value>(
  values: AsyncIterable<Value> | Iterable<Value>,
  work: (value: Value) => Promise<void>,
): Promise<void> {
  let batch: Promise<void>[] = []
  for await (const value of values) {
    batch.push(work(value))
    if (batch.length < atOnce) continue
    await Promise.all(batch)
    batch = []
  }
  await Promise.all(batch)
}
