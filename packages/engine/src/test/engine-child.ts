import { portFromParent } from "@deskside/rpc/node";
import { runEngineProcess } from "../engine-process.ts";

await runEngineProcess({ port: portFromParent() });
