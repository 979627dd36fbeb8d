import { sleep } from "@deskside/base";
import type { Connect } from "../client.ts";
import type { ConnectionStore } from "../state/connection-store.ts";
import { backoffMs } from "./backoff.ts";
import type { Switchboard } from "./switchboard.ts";

export interface KeepConnectedDeps {
  connect: Connect;
  switchboard: Switchboard;
  connection: ConnectionStore;
  /** Gets the reason of each failed try: for the console, not for the user. */
  report: (error: unknown) => void;
}

/** Connects, and connects again whenever the connection ends, with growing pauses, until `signal` aborts. */
export async function keepConnected(deps: KeepConnectedDeps, options: { signal: AbortSignal }): Promise<void> {
  const { signal } = options;
  const { actions } = deps.connection.getState();
  let failures = 0;
  while (!signal.aborted) {
    try {
      const { client, closed } = await deps.connect();
      deps.switchboard.plug(client);
      actions.opened();
      failures = 0;
      await closed;
      deps.switchboard.unplug();
      actions.closed();
    } catch (error) {
      deps.report(error);
      deps.switchboard.unplug();
      actions.failed();
    }
    await sleep(backoffMs(failures++), { signal }).catch(() => undefined);
  }
}
