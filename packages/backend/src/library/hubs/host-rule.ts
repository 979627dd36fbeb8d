import { canonicalHost, type HostRule } from "../../egress/egress-policy.ts";

/** `host` or `host:port`; what is neither allows nothing. */
export function hostRule(text: string): HostRule[] {
  const url = URL.parse(`http://${text}/`);
  const host = url && canonicalHost(url.hostname);
  if (!url || !host || url.username !== "" || url.password !== "") return [];
  // A URL leaves the usual port out.
  const port = /:\d+$/.test(text) ? Number(text.slice(text.lastIndexOf(":") + 1)) : null;
  return [port === null ? { host } : { host, port }];
}
