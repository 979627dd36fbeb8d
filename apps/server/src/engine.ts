import { runEngineProcess } from "@deskside/engine";
import { portFromParent } from "@deskside/rpc/node";

await runEngineProcess({ port: portFromParent() });
