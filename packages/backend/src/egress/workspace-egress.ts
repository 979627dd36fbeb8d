import { localUser, type Workspace } from "@deskside/storage";
import type { Logger } from "../log/logger.ts";
import { createEgress, type Egress } from "./egress.ts";
import { createPurposePolicy, type EgressPolicy } from "./egress-policy.ts";

/**
 * The way out, recorded in the workspace. Without rules every attempt is blocked and recorded.
 * @param guard what a part of Deskside lets through for its own purpose while it works
 */
export function createWorkspaceEgress(
  workspace: Workspace,
  log: Logger,
  guard: (policy: EgressPolicy) => EgressPolicy = (policy) => policy,
): Egress {
  return createEgress({
    policy: guard(createPurposePolicy()),
    ledger: {
      begin: (entry) => workspace.egress.append(localUser, entry).id,
      finish: (id, end) => void workspace.egress.finish(localUser, id, end),
    },
    onRecordError: (error) => log.warn({ err: error }, "the outbound record could not be finished"),
  });
}
