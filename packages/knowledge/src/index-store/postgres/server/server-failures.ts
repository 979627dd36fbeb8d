import { deskError } from "@deskside/contract";

/** What the driver throws carries a code: of the server (five characters), of the system or of TLS. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : "";
}

/** Connection lost, refused or not accepted: classes 08 and 57P, too many connections, no such database or account. */
const unavailable =
  /^(08...|57P..|53...|3D000|28...|EAI_AGAIN|ENOTFOUND|EPIPE|ETIMEDOUT|ECONN(REFUSED|RESET|ABORTED)|E(HOST|NET)(UNREACH|DOWN))$/;
const unverified =
  /^(CERT_.*|UNABLE_TO_.*|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|ERR_TLS_.*|HOSTNAME_MISMATCH|ERR_SSL_.*)$/;
const lostConnection =
  /error establishing an SSL connection|connection (terminated|timeout)|timeout exceeded when trying to connect|not queryable/i;

/**
 * The failure as a person can be told: KNOWLEDGE_SERVER_UNAVAILABLE or KNOWLEDGE_SERVER_UNFIT; anything else is a fault
 * of ours and stays what it is.
 */
export function explainFailure(error: unknown, host: string): unknown {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const unfit = (reason: "no-tls" | "no-rights") =>
    deskError("KNOWLEDGE_SERVER_UNFIT", { host, reason }, { cause: error });
  if (unverified.test(code) || message === "The server does not support SSL connections") return unfit("no-tls");
  if (code === "42501") return unfit("no-rights");
  if (unavailable.test(code) || (code === "" && lostConnection.test(message))) {
    return deskError("KNOWLEDGE_SERVER_UNAVAILABLE", { host, detail: message || code }, { cause: error });
  }
  return error;
}

/** Two wrote what only one can have. */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === "23505";
}
