export { createEgress, type Egress } from "./egress.ts";
export { createPurposePolicy } from "./egress-policy.ts";
export type { OpenConnection } from "./open-connections.ts";
