// A backend process of the real kind around a backend that does the least: it loads a model in a real engine and passes
// the text on. What the product's backend does with answers is tested where that lives.
import type { EngineContract } from "@deskside/contract/engine";
import type { ProcessSpawner, SpawnedChild } from "@deskside/contract/shell";
import { createClient } from "@deskside/rpc";
import { runBackendProcess } from "../../processes/backend-process.ts";
import type { PortLike } from "@deskside/contract/shell";

export type Request =
  | { id: number; ask: "who" }
  | { id: number; ask: "crash" }
  | { id: number; ask: "answer"; modelPath: string; text: string }
  | { id: number; ask: "key" };

export type Reply =
  | { id: number; who: number; enginePid: number | undefined; resumed: number }
  | { id: number; text: string }
  | { id: number; done: true }
  | { id: number; failed: string }
  | { id: number; key: string; env: string[]; argv: string[] };

let engine: SpawnedChild | undefined;
let resumed = 0;

async function answer(spawner: ProcessSpawner, request: Extract<Request, { ask: "answer" }>, port: PortLike) {
  const say = (reply: Reply) => port.postMessage(reply);
  try {
    engine = await spawner.spawn("engine", { env: { UV_THREADPOOL_SIZE: "1" }, args: [] });
    const client = createClient<EngineContract>(engine.port, { peer: "engine" });
    const { modelPath } = request;
    const plan = {
      modelPath,
      modelName: "m",
      gpu: "none",
      gpuLayers: 0,
      contextSize: 2048,
      batchSize: 512,
      threads: 1,
    };
    for await (const _event of await client.load({ ...plan, gpu: "none" }));
    const prompt = { messages: [{ role: "user" as const, text: request.text }] };
    for await (const event of await client.generate({ prompt, sampling: { temperature: 0, maxTokens: 200 } })) {
      if (event.type === "text" && event.text !== "") say({ id: request.id, text: event.text });
    }
    say({ id: request.id, done: true });
  } catch (error) {
    const code = (error as { code?: string }).code ?? String(error);
    const exit = engine ? await engine.exited : undefined;
    say({
      id: request.id,
      failed: `${code} ${exit?.exitCode ?? ""} ${JSON.stringify((error as { data?: unknown }).data)}`,
    });
  }
}

runBackendProcess(process.parentPort, async (start, spawner) => ({
  serve(port) {
    port.onMessage((data) => {
      const request = data as Request;
      if (request.ask === "crash") process.abort();
      if (request.ask === "who") {
        port.postMessage({ id: request.id, who: process.pid, enginePid: engine?.pid, resumed } satisfies Reply);
      } else if (request.ask === "key") {
        const key = start.key.from === "system-store" ? Buffer.from(start.key.key).toString("hex") : start.key.from;
        port.postMessage({ id: request.id, key, env: Object.values(process.env), argv: process.argv } as Reply);
      } else void answer(spawner, request, port);
    });
  },
  resume: () => void resumed++,
  [Symbol.asyncDispose]: async () => undefined,
}));
