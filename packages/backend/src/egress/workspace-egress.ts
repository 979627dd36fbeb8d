import { localUser, type Workspace } from "@deskside/storage";
import type { Logger } from "../log/logger.ts";
import { createEgress, type Egress } from "./egress.ts";
import type { ProxySettings } from "./proxy/choose-proxy.ts";
import { createPurposePolicy, type EgressPolicy } from "./egress-policy.ts";

export interface WorkspaceEgressOptions {
  /** What a part of Deskside lets through for its own purpose while it works. */
  readonly guard?: (policy: EgressPolicy) => EgressPolicy;
  /** Default: no proxy. */
  readonly proxies?: () => ProxySettings;
}

/**
 * The way out, recorded in the workspace. Without rules every attempt is blocked and recorded.
 */
export function createWorkspaceEgress(
  workspace: Workspace,
  log: Logger,
  { guard, proxies }: WorkspaceEgressOptions = {},
): Egress {
  return createEgress({
    policy: guard ? guard(createPurposePolicy()) : createPurposePolicy(),
    ...(proxies ? { proxies } : {}),
    ledger: {
      begin: (entry) => workspace.egress.append(localUser, entry).id,
      finish: (id, end) => void workspace.egress.finish(localUser, id, end),
    },
    onRecordError: (error) => log.warn({ err: error }, "the outbound record could not be finished"),
  });
}
