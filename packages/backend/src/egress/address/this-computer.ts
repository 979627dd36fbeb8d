import { isInNetwork, parseIpAddress, parseNetwork } from "./ip-address.ts";

const loopback = ["127.0.0.0/8", "::1/128", "::ffff:127.0.0.0/104"].map(parseNetwork);

/** A loopback address, or a name that RFC 6761 keeps for one. Without brackets. */
export function isThisComputer(host: string): boolean {
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  const address = parseIpAddress(host);
  return address !== null && loopback.some((network) => isInNetwork(address, network));
}
