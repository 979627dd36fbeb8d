import { createDeferred, DesksideError } from "@deskside/base";
import type { DesksideClient } from "../client.ts";

export interface Switchboard {
  /** One client for the life of the window: it always talks through the newest connection. */
  readonly client: DesksideClient;
  plug(client: DesksideClient): void;
  unplug(): void;
}

type Procedure = (...args: unknown[]) => Promise<unknown>;
type Nested = { readonly [name: string]: Nested | Procedure };

/** Calls made before the first connection wait for it; once it is lost, calls fail at once with PEER_GONE. */
export function createSwitchboard(): Switchboard {
  let current: DesksideClient | undefined;
  const first = createDeferred<void>();

  const call = async (path: readonly string[], args: unknown[]): Promise<unknown> => {
    await first.promise;
    if (!current) throw new DesksideError({ code: "PEER_GONE", kind: "unavailable", data: { peer: "backend" } });
    let node: unknown = current;
    for (const name of path) node = (node as Nested)[name];
    return (node as Procedure)(...args);
  };

  const wrap = (path: readonly string[]): unknown => {
    const children = new Map<string, unknown>();
    return new Proxy(() => undefined, {
      get(_target, name) {
        // A client is no promise: whoever awaits one must get the client itself.
        if (typeof name !== "string" || name === "then") return undefined;
        if (!children.has(name)) children.set(name, wrap([...path, name]));
        return children.get(name);
      },
      apply: (_target, _self, args: unknown[]) => call(path, args),
    });
  };

  return {
    client: wrap([]) as DesksideClient,
    plug(client) {
      current = client;
      first.resolve();
    },
    unplug() {
      current = undefined;
    },
  };
}
