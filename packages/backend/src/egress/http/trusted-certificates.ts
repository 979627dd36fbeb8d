import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";

let trusted: SecureContext | undefined;

/**
 * Authorities that come with Node, those of NODE_EXTRA_CA_CERTS, and those of the system's store: companies that look
 * into TLS put theirs there. Read once, at the first secure connection (about 0.1 s).
 */
export function trustedAuthorities(): SecureContext {
  trusted ??= createSecureContext({
    ca: [...new Set([...getCACertificates("default"), ...getCACertificates("system")])],
  });
  return trusted;
}
