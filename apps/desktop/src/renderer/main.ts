import type { Contract } from "@deskside/contract";
import type { WindowBridge } from "@deskside/contract/shell";
import { createClient } from "@deskside/rpc";
import { mountDeskside } from "@deskside/ui";
import { connectThroughBridge } from "./connect.ts";

declare global {
  interface Window {
    readonly deskside: WindowBridge;
  }
}

const element = document.getElementById("deskside");
if (element) {
  mountDeskside(element, {
    bridge: window.deskside,
    async connect() {
      const port = await connectThroughBridge(window.deskside, window);
      const closed = new Promise<void>((resolve) => port.onClose(resolve));
      return { client: createClient<Contract>(port, { peer: "backend" }), closed };
    },
  });
}
