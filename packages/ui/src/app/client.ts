import type { Contract } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";

export type DesksideClient = ContractClient<Contract>;

/** One connection to the backend. `closed` settles when it is gone, whatever the reason. */
export interface Connection {
  readonly client: DesksideClient;
  readonly closed: Promise<void>;
}

export type Connect = () => Promise<Connection>;
