import {CheckedText} from './checked-text.ts'
import type {Contract, ContractFailure, TextFacts} from './contract.ts'

/** Contracts that a section's text does not hold, in the order of `contracts`. Never throws for a text. */
export function checkText(text: string, contracts: readonly Contract[], facts: TextFacts = {}): ContractFailure[] {
  if (contracts.length === 0) return []
  const checked = new CheckedText(text, facts)
  return contracts.flatMap((contract) => {
    const {ruleId, severity} = contract
    const shortfall = contract.check(checked)
    return shortfall === undefined ? [] : [{ruleId, severity, message: shortfall.message, count: shortfall.count ?? 1}]
  })
}
