import {BlockList, isIP} from 'node:net'

const privateAddresses = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv4')
  // As a gateway to IPv4 has them.
  privateAddresses.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6')
}
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  privateAddresses.addSubnet(network, prefix, 'ipv6')

/** Whether an IP address is loopback, private, link-local or of no public network; false for a name. */
export function isPrivateAddress(host: string): boolean {
  const family = isIP(host)
  // An IPv4 address that is written as one of IPv6 is checked as what it is.
  return family !== 0 && privateAddresses.check(host, family === 4 ? 'ipv4' : 'ipv6')
}
