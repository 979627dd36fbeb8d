import type { PortLike } from "@deskside/contract/shell";
import type { ParentPort } from "electron";
import { toChildSchema } from "../messages/backend-messages.ts";
import { forkBinaryTestsThroughMain } from "./binary-test-fork.ts";
import { portFromMessagePortMain } from "./message-port.ts";

/** An engine's process on the desktop: takes its port to the backend from main and runs `serve` on it, once. */
export function runEngine(parent: ParentPort, serve: (port: PortLike) => Promise<void>): void {
  forkBinaryTestsThroughMain(parent);
  let connected = false;
  parent.on("message", ({ data, ports: [port] }) => {
    const message = toChildSchema.safeParse(data);
    if (connected || !port || !message.success || message.data.type !== "connect") return;
    connected = true;
    void serve(portFromMessagePortMain(port));
  });
}
