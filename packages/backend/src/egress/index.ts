export { isThisComputer } from "./address/this-computer.ts";
export { trustedCertificates } from "./http/trusted-certificates.ts";
export type { Egress } from "./egress.ts";
export type { OpenConnection } from "./open-connections.ts";
export { createWorkspaceEgress } from "./workspace-egress.ts";
