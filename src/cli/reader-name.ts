import {gitUserName} from '../store/git-repository.ts'
import {UsageError} from './exit-codes.ts'

/**
 * Who reads: the name given, else git's `user.name` as it is set for a folder, else the environment's USER. A usage error
 * where none of them says.
 */
export async function readerName(
  given: string | undefined,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const names = [given, await gitUserName(folder), environment.USER, environment.USERNAME]
  const name = names.map((one) => one?.replace(/\s+/g, ' ').trim() ?? '').find((one) => one !== '')
  if (name === undefined)
    throw new UsageError('no-reader', 'Cannot tell who reads, expected --by NAME, or `user.name` in the git config')
  // A front matter is one line per key, and what is shown from it is no terminal's to obey.
  if (/\p{Cc}/u.test(name)) throw new UsageError('bad-flag', 'Unexpected control character in a name, expected text')
  return name
}
