/** Flags that every command takes. */
export interface GlobalOptions {
  /** Folder that relative paths start from. */
  readonly cwd: string
  readonly configPath?: string
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly color: boolean
}
