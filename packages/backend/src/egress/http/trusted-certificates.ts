import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";

let trusted: SecureContext | undefined;

/**
 * Certificates (PEM) of the authorities that come with Node, those of NODE_EXTRA_CA_CERTS, and those of the system's
 * store: companies that look into TLS put theirs there.
 */
export function trustedCertificates(): string[] {
  return [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
}

/** Read once, at the first secure connection (about 0.1 s). */
export function trustedAuthorities(): SecureContext {
  trusted ??= createSecureContext({ ca: trustedCertificates() });
  return trusted;
}
