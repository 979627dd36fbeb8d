import { type MessagePort, workerData } from "node:worker_threads";
import { type MessagePortShape, portFromMessagePort } from "../port.ts";
import { createProbeServer } from "./probe-server.ts";

const { port } = workerData as { port: MessagePort };
createProbeServer().serve(portFromMessagePort(port as unknown as MessagePortShape));
