import { expect, test, vi } from "vitest";
import { startBackend } from "../test/start-backend.ts";

test("a switch waits for the answer that runs, or stops the caller's", { timeout: 60_000 }, async () => {
  await using backend = await startBackend();
  const client = backend.connect();
  const { engines } = backend.backend.services;
  const phaseOf = (modelId: string) => engines.existing(modelId)?.state.phase;
  await engines.load("starter");
  const first = await engines.slot("starter");
  {
    using _answer = first.occupy();
    await client.model.load({ modelId: "smollm2-135m-instruct" });
    // The call came back; nothing was started as long as somebody answers.
    expect(backend.spawner.children).toHaveLength(1);
    expect(phaseOf("smollm2-135m-instruct")).toBeUndefined();
  }
  await vi.waitFor(() => expect(phaseOf("smollm2-135m-instruct")).toBe("ready"), { timeout: 40_000 });

  const text = "Write a long text about the sea.";
  const sampling = { temperature: 0, maxTokens: 5000 };
  const started = await client.generation.start({
    ...{ kind: "send", chatId: null, text, modelId: "smollm2-135m-instruct", sampling },
  });
  await vi.waitFor(() => expect(phaseOf("smollm2-135m-instruct")).toBe("answering"), { timeout: 20_000 });
  await client.model.load({ modelId: "starter", running: "cancel" });
  const { messages } = await client.chat.get({ chatId: started.chatId });
  expect(messages.at(-1)).toMatchObject({ status: "stopped", finish: "user" });
  await vi.waitFor(() => expect(phaseOf("starter")).toBe("ready"), { timeout: 20_000 });
});
