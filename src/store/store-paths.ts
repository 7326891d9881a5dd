import {join} from 'node:path'
import type {ContentAddress} from '../model/content-address.ts'

/** Folder of a project's store. */
export function storeFolder(root: string): string {
  return join(root, '.msk-course', 'store')
}

/** Where the store keeps a raw text. */
export function storedTextPath(store: string, completion: ContentAddress): string {
  return join(store, 'completions', completion.slice(0, 2), `${completion}.md`)
}

/** Where the store keeps a message that requests share. */
export function storedMessagePath(store: string, message: ContentAddress): string {
  return join(store, 'messages', message.slice(0, 2), `${message}.txt`)
}

/** Where the store keeps the list of a request's completions. */
export function storedListPath(store: string, request: ContentAddress): string {
  return join(store, 'requests', request.slice(0, 2), `${request}.jsonl`)
}

/** Where texts go that are not what their address says. */
export function quarantineFolder(store: string): string {
  return join(store, 'quarantine')
}

/** Where a project keeps what a book was before the last build that changed it. */
export function previousBuildPath(root: string, name: string): string {
  return join(root, '.msk-course', 'previous', `${name}.json`)
}
