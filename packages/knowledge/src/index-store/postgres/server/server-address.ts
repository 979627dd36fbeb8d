import { deskError } from "@deskside/contract";

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** File of certificates (PEM) to trust, as `sslrootcert` names it; null: those that are trusted anyway. */
  readonly certificates: string | null;
  /** False only on this computer: there nobody listens in between. */
  readonly encrypted: boolean;
}

const defaultPort = 5432;
/** Modes of `sslmode` that may leave the connection open to others, or the server unproven. */
const openModes = new Set(["disable", "allow", "prefer", "no-verify"]);
const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/**
 * Reads `postgres://user:password@host:port/database`. Of the parameters `sslmode` and `sslrootcert` count, and a server
 * elsewhere is always asked for an encrypted connection with a valid certificate of its name (`verify-full`).
 * Throws KNOWLEDGE_SERVER_UNAVAILABLE for what is no such address and KNOWLEDGE_SERVER_UNFIT (plain-text).
 */
export function readServerAddress(connectionString: string): ServerAddress {
  const url = URL.canParse(connectionString) ? new URL(connectionString) : null;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === "") {
    throw deskError("KNOWLEDGE_SERVER_UNAVAILABLE", { host: "", detail: "no address that begins with postgres://" });
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const mode = url.searchParams.get("sslmode");
  const isLocal = loopback.test(host);
  if (!isLocal && mode !== null && openModes.has(mode)) {
    throw deskError("KNOWLEDGE_SERVER_UNFIT", { host, reason: "plain-text" });
  }
  const user = decodeURIComponent(url.username);
  const certificates = url.searchParams.get("sslrootcert");
  return {
    ...{ host, user, password: decodeURIComponent(url.password) },
    port: url.port === "" ? defaultPort : Number(url.port),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    certificates: certificates === "" || certificates === "system" ? null : certificates,
    encrypted: !isLocal || (mode !== null && !openModes.has(mode)),
  };
}
