/**
 * Says that a proxy of the environment is not used for requests to `baseUrl`; undefined where none is set for it, or
 * `NO_PROXY` names its host. The variable's value, which may hold a password, is not in the text.
 */
export function unusedProxy(baseUrl: string, env: NodeJS.ProcessEnv): string | undefined {
  const {origin, protocol, hostname, port} = new URL(baseUrl)
  const own = protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  const names = [own, 'all_proxy'].flatMap((name) => [name.toUpperCase(), name])
  const name = names.find((candidate) => (env[candidate] ?? '').trim() !== '')
  if (name === undefined || isExempt(hostname, port, env.NO_PROXY ?? env.no_proxy ?? '')) return undefined
  return `${name} is set and not used: requests go straight to \`${origin}\`, or not at all where only a proxy reaches it; NO_PROXY with its host silences this`
}

/** Whether a list such as `localhost,.example.org:8080` names a host; `*` names all. */
function isExempt(hostname: string, port: string, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, host = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (only !== undefined && only !== port) return false
      const domain = host.replace(/^\*?\./, '')
      return host === '*' || hostname === domain || hostname.endsWith(`.${domain}`)
    })
}
