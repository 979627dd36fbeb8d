// The backend's process around nothing, for tests of windows alone: it starts in a fraction of the time.
import { runBackendProcess } from "../../processes/backend-process.ts";

runBackendProcess(process.parentPort, async () => ({
  serve: () => undefined,
  resume: () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
}));
