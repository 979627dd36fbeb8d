import { isInNetwork, type Network, parseIpAddress, parseNetwork } from "./ip-address.ts";

/**
 * - `public`: a machine in the internet.
 * - `private`: this machine, this network or nobody; only for a host that the user configured.
 * - `link-local`: link-local and cloud metadata addresses; never.
 * - `reserved`: no single machine at all (unspecified, multicast, reserved); never.
 */
export type AddressClass = "public" | "private" | "link-local" | "reserved";

type Rules = readonly { readonly networks: readonly Network[]; readonly is: AddressClass }[];

const networks = (...texts: string[]) => texts.map(parseNetwork);

/** First match counts. IANA special-purpose registries; metadata services of the large clouds. */
const version4: Rules = [
  // Oracle, Alibaba and Azure keep theirs outside 169.254/16; Azure's is a public address.
  {
    is: "link-local",
    networks: networks("169.254.0.0/16", "192.0.0.192/32", "100.100.100.200/32", "168.63.129.16/32"),
  },
  {
    is: "private",
    networks: networks(
      ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "100.64.0.0/10"],
      ...["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15"],
    ),
  },
  { is: "reserved", networks: networks("0.0.0.0/8", "192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4") },
  { is: "public", networks: networks("0.0.0.0/0") },
];

const version6: Rules = [
  // Amazon, Google and Scaleway have theirs among the unique local addresses.
  { is: "link-local", networks: networks("fe80::/10", "fd00:ec2::/32", "fd20:ce::/32", "fd00:42::42/128") },
  { is: "private", networks: networks("::1/128", "fc00::/7", "fec0::/10", "2001:db8::/32", "3fff::/20") },
  { is: "reserved", networks: networks("2001::/23", "2620:4f:8000::/48") },
  { is: "public", networks: networks("2000::/3") },
  // Only 2000::/3 is given to machines: whatever is new, unknown or special is no target.
  { is: "reserved", networks: networks("::/0") },
];

/** Where an IPv4 address hides in an IPv6 one: the network, and the byte where it starts. */
const carriers: readonly { readonly network: Network; readonly at: number; readonly carriesPublic: boolean }[] = [
  { network: parseNetwork("::ffff:0:0/96"), at: 12, carriesPublic: true },
  { network: parseNetwork("64:ff9b::/96"), at: 12, carriesPublic: true },
  { network: parseNetwork("::ffff:0:0:0/96"), at: 12, carriesPublic: false },
  { network: parseNetwork("64:ff9b:1::/48"), at: 12, carriesPublic: false },
  { network: parseNetwork("2002::/16"), at: 2, carriesPublic: false },
  { network: parseNetwork("::/96"), at: 12, carriesPublic: false },
];

/** ISATAP: any prefix, then `0000:5efe` or `0200:5efe` and the IPv4 address. */
function isIsatap(bytes: readonly number[]): boolean {
  return (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;
}

/** What kind of target an address is. What is not an address is `reserved`. */
export function classifyAddress(text: string): AddressClass {
  if (/^fe[89ab][0-9a-f]:/i.test(text)) return "link-local";
  const bytes = parseIpAddress(text);
  if (!bytes) return "reserved";
  if (bytes.length === 4) return firstMatch(bytes, version4);
  if (isZeroUpTo(bytes, 15) && (bytes[15] ?? 0) <= 1) return bytes[15] === 1 ? "private" : "reserved";
  if (isIsatap(bytes)) return notPublic(firstMatch(bytes.slice(12), version4));
  for (const { network, at, carriesPublic } of carriers) {
    if (!isInNetwork(bytes, network)) continue;
    const inner = firstMatch(bytes.slice(at, at + 4), version4);
    return carriesPublic ? inner : notPublic(inner);
  }
  return firstMatch(bytes, version6);
}

/** A retired or local way to write a public IPv4 address is a way around somebody's filter, not a way to a host. */
function notPublic(inner: AddressClass): AddressClass {
  return inner === "public" ? "reserved" : inner;
}

function isZeroUpTo(bytes: readonly number[], end: number): boolean {
  return bytes.slice(0, end).every((byte) => byte === 0);
}

function firstMatch(bytes: readonly number[], rules: Rules): AddressClass {
  return rules.find((rule) => rule.networks.some((network) => isInNetwork(bytes, network)))?.is ?? "reserved";
}
