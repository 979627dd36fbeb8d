import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modelDefaultsSchema } from "@deskside/contract";
import { expect, test, vi } from "vitest";
import { buildPrompt, resolveSampling } from "../../generation/build-prompt.ts";
import { startBackend } from "../../test/start-backend.ts";

const models = new URL("../../../../../models/", import.meta.url).pathname;
const adapterPath = join(models, "smollm2-135m-instruct/docqa-adapter-f16.gguf");

test("what came with a model and what a person attached, checked against it", { timeout: 60_000 }, async () => {
  await using backend = await startBackend();
  const { attachments } = backend.backend.services.models;
  const { library, hardware } = backend.backend.services;
  const folder = await mkdtemp(join(tmpdir(), "deskside-attach-"));
  try {
    const own = await attachments.list("smollm2-135m-instruct");
    expect(own).toMatchObject([{ purpose: "documents", builtIn: true, problem: null, sizeBytes: 9_797_824 }]);
    await expect(
      attachments.attach({ modelId: "starter", kind: "adapter", source: adapterPath }),
    ).rejects.toMatchObject({
      code: "ADAPTER_MISMATCH",
    });
    await expect(
      attachments.attach({ modelId: "starter", kind: "draft", source: "smollm2-135m-instruct" }),
    ).rejects.toMatchObject({ code: "DRAFT_MISMATCH", data: { reason: "other-tokenizer" } });
    await expect(attachments.attach({ modelId: "starter", kind: "draft", source: "starter" })).rejects.toMatchObject({
      code: "DRAFT_MISMATCH",
      data: { reason: "same-model" },
    });
    expect(await attachments.list("starter")).toEqual([]);

    const copy = join(folder, "mine.gguf");
    await copyFile(adapterPath, copy);
    const [, mine] = await attachments.attach({
      ...{ modelId: "smollm2-135m-instruct", kind: "adapter", source: copy, scale: 0.5 },
    });
    expect(mine).toMatchObject({ path: copy, scale: 0.5, purpose: null, builtIn: false, problem: null });
    const model = await library.resolve("smollm2-135m-instruct");
    const { loads } = await hardware.planLoads(model);
    expect(loads[0]?.attached?.adapters).toMatchObject([
      { name: "documents", scale: 1 },
      { name: null, scale: 0.5, path: copy },
    ]);

    await writeFile(copy, "no longer an adapter");
    expect((await attachments.list("smollm2-135m-instruct"))[1]?.problem).toMatchObject({ code: "GGUF_INVALID" });
    await expect(hardware.planLoads(model)).rejects.toMatchObject({ code: "GGUF_INVALID" });
    expect(await attachments.detach("smollm2-135m-instruct", mine?.id ?? "")).toHaveLength(1);
    await expect(attachments.detach("smollm2-135m-instruct", mine?.id ?? "")).rejects.toMatchObject({
      code: "NOT_ATTACHED",
    });
    await expect(hardware.planLoads(model)).resolves.toBeDefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a draft model counts in the plan, and a second cache is kept free without being counted", {
  timeout: 60_000,
}, async () => {
  await using backend = await startBackend();
  const { library, hardware, models: service } = backend.backend.services;
  const folder = await mkdtemp(join(tmpdir(), "deskside-draft-"));
  try {
    const model = await library.resolve("starter");
    const [alone] = (await hardware.planLoads(model)).loads;
    const draft = join(folder, "draft.gguf");
    await copyFile(model.path, draft);
    await service.attachments.attach({ modelId: "starter", kind: "draft", source: draft });
    const [drafted] = (await hardware.planLoads(model)).loads;
    expect(drafted?.attached?.draft?.path).toBe(draft);
    const weights = (load: typeof alone) => load?.predicted.devices[0]?.weightsBytes ?? 0;
    // The same file once more, and a cache for it.
    expect(weights(drafted) / weights(alone)).toBeCloseTo(2, 1);
    expect(drafted?.predicted.memoryBytes).toBeGreaterThan((alone?.predicted.memoryBytes ?? 0) + weights(alone));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a chat's own wish goes before the model's defaults, and those before the manifest", {
  timeout: 60_000,
}, async () => {
  await using backend = await startBackend();
  const { library, hardware, modelDefaults } = backend.backend.services;
  const model = await library.resolve("smollm2-135m-instruct");
  const before = await modelDefaults.view(model.id);
  expect(before.values).toEqual(modelDefaultsSchema.parse({}));
  expect(before.inherited).toMatchObject({ contextSize: 4096, sampling: { temperature: 0, repeatPenalty: 1.1 } });
  const values = modelDefaultsSchema.parse({
    ...{ contextSize: 1024, systemPrompt: "Be brief.", keepWarmMinutes: 3, kvType: "q8_0" },
    sampling: { temperature: 0.3, topK: 7, maxReasoningTokens: 100 },
  });
  expect((await modelDefaults.set(model.id, values)).values).toEqual(values);
  const { plan } = (await hardware.planLoads(model)).loads[0] ?? {};
  expect(plan).toMatchObject({ contextSize: 1024, kvType: "q8_0" });
  const defaults = modelDefaults.of(model.id);
  const options = { again: false, inDocuments: false, defaults, steering: null };
  expect(resolveSampling(model, { topK: 9 }, options)).toMatchObject({ temperature: 0.3, topK: 9, repeatPenalty: 1.1 });
  expect(buildPrompt(model, [], null, { defaults, steering: null }).messages).toEqual([
    { role: "system", text: "Be brief." },
  ]);
  const steering = { instructions: "In one word.", sampling: { temperature: 0.9 } };
  expect(buildPrompt(model, [], null, { defaults, steering }).messages[0]?.text).toBe("In one word.");
  expect(resolveSampling(model, {}, { ...options, steering })).toMatchObject({ temperature: 0.9, topK: 7 });
  // Asked again, what a person fixed for the chat still holds.
  expect(resolveSampling(model, {}, { ...options, again: true, steering }).temperature).toBe(0.9);
  expect((await modelDefaults.reset(model.id)).values).toEqual(before.values);
  expect((await hardware.planLoads(model)).loads[0]?.plan.contextSize).toBe(4096);
});

test("an engine answers from sources with the adapter, and what that takes is not laid to the plan", {
  timeout: 60_000,
}, async () => {
  await using backend = await startBackend();
  const { engines } = backend.backend.services;
  const slot = await engines.slot("smollm2-135m-instruct");
  const { client, adapters } = await slot.ready();
  expect(adapters).toEqual(["documents"]);
  const before = slot.state.measured?.memoryBytes ?? 0;
  const content = [
    "Sources:",
    "[1] (manual.pdf, p. 3) The Varnel 40 weighs 12 kg and is 60 cm wide.",
    "[2] (manual.pdf, p. 7) The warranty of the Varnel 40 is 24 months from the day of purchase.",
    "",
    "Question: How long is the warranty of the Varnel 40?",
  ].join("\n");
  const system = slot.model.manifest?.documentPrompt?.["en"]?.system ?? "";
  const messages = [
    { role: "system" as const, text: system },
    { role: "user" as const, text: content },
  ];
  let answer = "";
  for await (const event of await client.generate({
    prompt: { messages },
    sampling: { temperature: 0 },
    adapters: [...adapters],
  })) {
    if (event.type === "text") answer += event.text;
  }
  expect(answer).toMatch(/24 months \[2\]/);
  const { onRequestBytes } = await client.memory();
  // A cache of 4,096 tokens: 30 layers, 3 heads of 64, keys and values, two bytes each.
  expect(onRequestBytes).toBeGreaterThan(4096 * 30 * 3 * 64 * 2 * 2);
  slot.answered({ tokensPerSecond: 50, outputTokens: 40, contextUsed: 200 });
  await vi.waitFor(() => expect(slot.state.measured?.memoryBytes).not.toBe(before));
  expect(slot.state.measured?.memoryBytes).toBeLessThan(before + onRequestBytes / 2 + 40 * 2 ** 20);
});
