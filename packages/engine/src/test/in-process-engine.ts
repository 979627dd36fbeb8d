import type { EngineContract, GenerateEvent, LoadPlanInput, Prompt } from "@deskside/contract/engine";
import type { Sampling } from "@deskside/contract";
import { type ContractClient, createClient, createPortPair, createServer } from "@deskside/rpc";
import { createEngineRouter } from "../engine-server.ts";

export type Engine = ContractClient<EngineContract>;

/** The whole engine behind its contract, in the process of the test. */
export function startEngine(): Engine {
  const [a, b] = createPortPair();
  const server = createServer(createEngineRouter({ libraryVersion: "test", log: () => undefined }), {
    report: (error) => {
      throw error;
    },
  });
  server.serve(b, {});
  return createClient<EngineContract>(a, { peer: "engine" });
}

export async function loadInto(engine: Engine, plan: LoadPlanInput) {
  for await (const event of await engine.load(plan)) if (event.type === "loaded") return event.loaded;
  throw new Error("no loaded event");
}

export async function writeAnswer(engine: Engine, input: { prompt: Prompt; sampling: Sampling; adapters?: string[] }) {
  let text = "";
  let reasoning = "";
  const events: GenerateEvent[] = [];
  for await (const event of await engine.generate(input)) {
    events.push(event);
    if (event.type !== "text") continue;
    text += event.text;
    reasoning += event.reasoning;
  }
  const finish = events.at(-1);
  if (finish?.type !== "finish") throw new Error("no finish");
  return { text, reasoning, events, finish };
}
