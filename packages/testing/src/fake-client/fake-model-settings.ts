import { type Attachment, type Contract, deskError, type ModelDefaults, modelDefaultsSchema } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import type { FakeWorld } from "./fake-world.ts";

type Client = ContractClient<Contract>;

/** Defaults of single models, kept as long as the fake lives. */
export function createFakeModelDefaults(world: FakeWorld): Client["model"]["defaults"] {
  const kept = new Map<string, ModelDefaults>();
  const view = (modelId: string) => {
    const model = world.models.find(({ id }) => id === modelId);
    if (!model) throw deskError("MODEL_NOT_FOUND", { model: modelId, nearest: [] });
    return {
      modelId,
      values: kept.get(modelId) ?? modelDefaultsSchema.parse({}),
      inherited: modelDefaultsSchema.parse({ contextSize: model.contextSize, sampling: { temperature: 0.7 } }),
      maxContextSize: model.contextSize * 4,
      reasons: true,
    };
  };
  return {
    get: async ({ modelId }) => view(modelId),
    set: async ({ modelId, values }) => {
      kept.set(modelId, modelDefaultsSchema.parse(values));
      world.feed.emit({ type: "models" });
      return view(modelId);
    },
    reset: async ({ modelId }) => {
      kept.delete(modelId);
      world.feed.emit({ type: "models" });
      return view(modelId);
    },
  };
}

/** Adapters and draft models: whatever a test attaches fits. */
export function createFakeAttachments(world: FakeWorld) {
  const kept = new Map<string, Attachment[]>();
  const of = (modelId: string) => kept.get(modelId) ?? [];
  const keep = (modelId: string, attachments: Attachment[]) => {
    kept.set(modelId, attachments);
    world.feed.emit({ type: "models" });
    return attachments;
  };
  return {
    attachments: async ({ modelId }) => of(modelId),
    attach: async ({ modelId, kind, source, scale }) => {
      const file = { name: source.split("/").at(-1) ?? source, path: source, sizeBytes: 9_797_824, scale: scale ?? 1 };
      const rest = { purpose: null, builtIn: false, problem: null };
      return keep(modelId, [...of(modelId), { id: `att-${of(modelId).length + 1}`, kind, ...file, ...rest }]);
    },
    detach: async ({ modelId, attachmentId }) =>
      keep(
        modelId,
        of(modelId).filter(({ id }) => id !== attachmentId),
      ),
  } satisfies Partial<Client["library"]>;
}
