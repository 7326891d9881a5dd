import type {Asked, ContractJob, ContractSettings} from './contract.ts'

/** Signature; the rule follows. */
export function askLinks(_job: ContractJob, _settings: ContractSettings): Asked | undefined {
  return undefined
}
