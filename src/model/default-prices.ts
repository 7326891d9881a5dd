import type {Price} from './price.ts'

/** A row of the table: US dollars per million tokens, and the day for which a source states them. */
function price(input: number, cachedInput: number, output: number, asOf: string): Price {
  return {inputUsdPerMillion: input, cachedInputUsdPerMillion: cachedInput, outputUsdPerMillion: output, asOf}
}

/**
 * OpenAI's standard prices by model, for requests of up to 272,000 input tokens. `docs/prices.md` names the source of
 * each row; a test holds both to the same figures.
 */
export const defaultPrices: Readonly<Record<string, Price>> = {
  'gpt-5.5': price(5, 0.5, 30, '2026-05-04'),
  'gpt-5.4': price(2.5, 0.25, 15, '2026-05-04'),
  'gpt-5.4-mini': price(0.75, 0.075, 4.5, '2026-05-04'),
  'gpt-5.4-nano': price(0.2, 0.02, 1.25, '2026-05-04'),
  'gpt-5.2': price(1.75, 0.175, 14, '2025-12-11'),
  'gpt-5.1': price(1.25, 0.125, 10, '2026-03-21'),
  'gpt-5': price(1.25, 0.125, 10, '2026-03-21'),
  'gpt-5-mini': price(0.25, 0.025, 2, '2026-03-21'),
  'gpt-5-nano': price(0.05, 0.005, 0.4, '2026-03-21'),
  'gpt-4.1': price(2, 0.5, 8, '2026-03-21'),
  'gpt-4.1-mini': price(0.4, 0.1, 1.6, '2026-03-21'),
  'gpt-4.1-nano': price(0.1, 0.025, 0.4, '2026-03-21'),
  'gpt-4o': price(2.5, 1.25, 10, '2026-03-21'),
  // The first snapshot kept its price when the model's fell, and has none for cached input.
  'gpt-4o-2024-05-13': {inputUsdPerMillion: 5, outputUsdPerMillion: 15, asOf: '2025-06-03'},
  'gpt-4o-mini': price(0.15, 0.075, 0.6, '2026-03-21'),
  o3: price(2, 0.5, 8, '2026-03-21'),
  'o3-mini': price(1.1, 0.55, 4.4, '2026-03-21'),
  'o4-mini': price(1.1, 0.275, 4.4, '2026-03-21'),
}
