import { isDesksideError } from "@deskside/base";

/** Nothing is wrong with what was asked: the team's database cannot be used right now, and later it may. */
export function isAway(error: unknown): boolean {
  return (
    isDesksideError(error, "KNOWLEDGE_SERVER_UNAVAILABLE") ||
    isDesksideError(error, "KNOWLEDGE_SERVER_UNFIT") ||
    isDesksideError(error, "KNOWLEDGE_SERVER_NOT_SET") ||
    isDesksideError(error, "EGRESS_BLOCKED")
  );
}
