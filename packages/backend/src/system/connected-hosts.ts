import type { ConnectionReading } from "@deskside/contract";
import type { OpenConnection } from "../egress/index.ts";

/** The system shows addresses; whoever opened a connection knows the name. */
export function nameHosts(reading: ConnectionReading, known: readonly OpenConnection[]): ConnectionReading {
  if (!reading.known) return reading;
  const connections = reading.connections.map((connection) => ({
    ...connection,
    host:
      known.find((one) => one.address === connection.remoteAddress && one.port === connection.remotePort)?.host ?? null,
  }));
  return { ...reading, connections };
}
