import { z } from "zod";

/** PostgreSQL of a team, as the settings name it. */
export const teamServerSchema = z.object({
  /** Without its password; null = none is set. */
  address: z.string().nullable(),
  hasPassword: z.boolean(),
  /** Fixed by the organisation's policy; a password can be kept all the same. */
  locked: z.boolean(),
  /** `untried`: nothing has asked for it yet. `away`: the last try failed, others follow. */
  state: z.enum(["none", "untried", "ready", "away"]),
});
export type TeamServer = z.infer<typeof teamServerSchema>;

/** What a server says about itself: versions of PostgreSQL and of pgvector, and whether the connection was encrypted. */
export const teamServerFactsSchema = z.object({ server: z.string(), vectors: z.string(), encrypted: z.boolean() });
export type TeamServerFacts = z.infer<typeof teamServerFactsSchema>;

/** With its password, which is kept apart and never handed out again; without one, that of before stays. */
export const connectionStringSchema = z.string().trim().min(1).max(1000);
