import { createId, DesksideError, type ErrorData, type ErrorKind, errorKinds, isDesksideError } from "@deskside/base";
import { ORPCError } from "@orpc/client";

const statusOfKind: Record<ErrorKind, number> = {
  "invalid-input": 400,
  "not-found": 404,
  conflict: 409,
  precondition: 412,
  unsupported: 501,
  exhausted: 507,
  unavailable: 503,
  denied: 403,
  external: 502,
  internal: 500,
};

/** Ours → the wire. What is not a DesksideError leaves as INTERNAL with an incident id; `report` gets the original. */
export function toWireError(
  error: unknown,
  report: (error: unknown, incident: string) => void,
): ORPCError<string, unknown> {
  const ours = toDesksideError(error, report);
  return new ORPCError(ours.code, {
    status: statusOfKind[ours.kind],
    message: ours.code,
    data: { kind: ours.kind, data: ours.data },
  });
}

function toDesksideError(error: unknown, report: (error: unknown, incident: string) => void): DesksideError {
  if (isDesksideError(error)) {
    const incident = error.data["incident"];
    if (error.kind === "internal") report(error, typeof incident === "string" ? incident : "");
    return error;
  }
  if (error instanceof ORPCError && error.code === "BAD_REQUEST") return invalidInput(error);
  const incident = createId("inc");
  report(error, incident);
  return new DesksideError({ code: "INTERNAL", kind: "internal", data: { incident } }, { cause: error });
}

function invalidInput(error: ORPCError<string, unknown>): DesksideError {
  const raw = (error.data as { issues?: { path?: unknown[]; message?: string }[] } | undefined)?.issues ?? [];
  const issues = raw.slice(0, 20).map((issue) => ({
    path: (issue.path ?? [])
      .map((part) => (typeof part === "object" && part !== null && "key" in part ? String(part.key) : String(part)))
      .join("."),
    message: issue.message ?? "",
  }));
  return new DesksideError({ code: "INVALID_INPUT", kind: "invalid-input", data: { issues } });
}

/** The wire → ours, on the calling side. */
export function fromWireError(error: unknown): unknown {
  if (!(error instanceof ORPCError)) return error;
  const wire = error.data as { kind?: unknown; data?: unknown } | undefined;
  const kind = errorKinds.find((known) => known === wire?.kind);
  if (kind && typeof wire?.data === "object" && wire.data !== null) {
    return new DesksideError({ code: error.code, kind, data: wire.data as ErrorData["data"] });
  }
  // What the library itself answers for a procedure that the peer does not have: it is older or newer than we are.
  if (error.code === "NOT_FOUND") {
    return new DesksideError({ code: "UNSUPPORTED", kind: "unsupported", data: { feature: "procedure" } });
  }
  return new DesksideError({ code: "INTERNAL", kind: "internal", data: { incident: "" } }, { cause: error });
}

export function peerGone(peer: string): DesksideError {
  return new DesksideError({ code: "PEER_GONE", kind: "unavailable", data: { peer } });
}
