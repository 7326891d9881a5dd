import type {Request} from '../model/request.ts'

/** The request for a text that was revised by an author's note: the planned one, then the present text and the note. */
export function revisionRequest(request: Request, present: string, note: string): Request {
  const wish = [
    'Revise this text by the note of its author:',
    note.trim(),
    'Keep what the note does not touch as it is. Give the whole text alone, without remarks on it.',
  ].join('\n\n')
  return {
    ...request,
    messages: [...request.messages, {role: 'assistant', content: present}, {role: 'user', content: wish}],
  }
}
