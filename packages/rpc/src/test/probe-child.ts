import { portFromParent } from "../node/index.ts";
import { createProbeServer } from "./probe-server.ts";

createProbeServer().serve(portFromParent());
