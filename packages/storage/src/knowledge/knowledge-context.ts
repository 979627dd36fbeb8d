import type { Clock } from "@deskside/base";
import type { Store } from "../workspace/store.ts";

/** What the repositories of `knowledge.db` work with. */
export interface KnowledgeContext {
  readonly store: Store;
  readonly clock: Clock;
}
