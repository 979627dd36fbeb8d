import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { readIntoBuffer } from "./read-into-buffer.ts";
import { trustedAuthorities } from "./trusted-certificates.ts";

export interface ConnectOptions {
  /** For the certificate; never resolved again. */
  readonly host: string;
  readonly port: number;
  /** The checked ones. The connection goes to one of these and to no other. */
  readonly addresses: readonly string[];
  readonly isSecure: boolean;
  /** A tunnel to the host, instead of a new connection. */
  readonly through?: Socket;
}

/** Starts a connection; the socket reports `connect` (or `secureConnect`) and `error` later. */
export type Connect = (options: ConnectOptions) => Socket;

/**
 * The only place but `CheckedSocket` where a socket to another machine is opened. `trustedCertificates` (PEM) replace those of
 * `trustedAuthorities`; certificates are always checked against the name, not the address.
 */
export function createPinnedConnect(options: { readonly trustedCertificates?: readonly string[] } = {}): Connect {
  const { trustedCertificates } = options;
  return ({ host, port, addresses, isSecure, through }) => {
    const pinned = { host, port, lookup: pinnedLookup(addresses), autoSelectFamily: true };
    const reading = { onread: readIntoBuffer(() => socket) };
    const socket: Socket = isSecure ? openSecure() : connectTcp({ ...pinned, ...reading });
    return socket;

    function openSecure(): Socket {
      return connectTls({
        ...reading,
        ...(through ? { host, socket: through } : pinned),
        // An address is no server name (RFC 6066); the certificate is compared with `host` all the same.
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ...(trustedCertificates ? { ca: [...trustedCertificates] } : { secureContext: trustedAuthorities() }),
        ALPNProtocols: ["http/1.1"],
        minVersion: "TLSv1.2",
        rejectUnauthorized: true,
      });
    }
  };
}

/** Answers with what was checked, whatever a name server would say by now. */
export function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, lookup, callback) => {
    const usable = answers.filter(({ family }) => !lookup.family || lookup.family === family);
    const first = usable[0];
    if (!first) return callback(Object.assign(new Error("no checked address"), { code: "ENOTFOUND" }), "", 0);
    if (lookup.all) return callback(null, usable);
    callback(null, first.address, first.family);
  };
}
