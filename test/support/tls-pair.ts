import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** A key and a certificate that it signed itself. */
export interface TlsPair {
  readonly key: string
  readonly certificate: string
  readonly certificatePath: string
  remove(): void
}

/** Makes a pair for a host's name, good for a day. */
export function selfSigned(host: string): TlsPair {
  return makePair(host, ['openssl'])
}

/** Makes a pair for a host's name whose day was over two days ago. */
export function expiredPair(host: string): TlsPair {
  return makePair(host, ['faketime', '-f', '-3d', 'openssl'])
}

function makePair(host: string, [command = '', ...words]: readonly string[]): TlsPair {
  const folder = mkdtempSync(join(tmpdir(), 'msk-course-tls-'))
  const keyPath = join(folder, 'key.pem')
  const certificatePath = join(folder, 'certificate.pem')
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  const name = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]
  const files = ['-keyout', keyPath, '-out', certificatePath]
  execFileSync(command, [...words, 'req', '-x509', ...curve, ...name, ...files], {stdio: 'ignore'})
  return {
    key: readFileSync(keyPath, 'utf8'),
    certificate: readFileSync(certificatePath, 'utf8'),
    certificatePath,
    remove: () => rmSync(folder, {recursive: true, force: true}),
  }
}
