import { type Contract, deskError, type TeamServer } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import type { FakeWorld } from "../fake-world.ts";

type ServerClient = ContractClient<Contract>["knowledge"]["server"];

/** A team's database that is there as soon as its address is. */
export function createFakeTeamServer(world: FakeWorld): ServerClient {
  let view: TeamServer = { address: null, hasPassword: false, locked: false, state: "none" };
  const become = (next: TeamServer): TeamServer => {
    view = next;
    world.feed.emit({ type: "knowledge", collectionId: "" });
    return view;
  };
  return {
    get: async () => view,
    set: async ({ connectionString }) => {
      const url = new URL(connectionString);
      const hasPassword = url.password !== "" || (view.hasPassword && view.address?.includes(url.host) === true);
      url.password = "";
      return become({ address: url.href, hasPassword, locked: false, state: "ready" });
    },
    remove: async () => become({ address: null, hasPassword: false, locked: false, state: "none" }),
    test: async ({ connectionString }) => {
      if ((connectionString ?? view.address) === null) throw deskError("KNOWLEDGE_SERVER_NOT_SET", {});
      return { server: "17.5", vectors: "0.8.1", encrypted: true };
    },
  };
}
