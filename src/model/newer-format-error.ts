/** A file that a newer version of the program wrote: what it holds beyond this version's knowledge would be lost. */
export class NewerFormatError extends Error {
  constructor(path: string, found: number, known: number) {
    super(
      `Unexpected version ${found} of \`${path}\`, expected at most ${known}: a newer msk-course wrote it; update this one, or build into another folder`,
    )
  }
}
