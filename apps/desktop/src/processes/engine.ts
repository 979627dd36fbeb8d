import { runEngine } from "./engine-process.ts";

runEngine(process.parentPort, async (port) => {
  // Imported here: node-llama-cpp must load after its fork has been replaced.
  const { runEngineProcess } = await import("@deskside/engine");
  await runEngineProcess({ port });
});
