import type {Asked, ContractJob, ContractSettings} from './contract.ts'

/** Signature; the rule follows. */
export function askCode(_job: ContractJob, _settings: ContractSettings): Asked | undefined {
  return undefined
}
