import { runEngine } from "./engine-process.ts";

runEngine(process.parentPort, async (port) => {
  const { runParserProcess } = await import("@deskside/knowledge/parser");
  runParserProcess(port);
});
