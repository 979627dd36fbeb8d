import { type ModelDefaults, type ModelDefaultsView, modelDefaultsSchema } from "@deskside/contract";
import type { ModelLibrary, ResolvedModel } from "@deskside/model-library";
import { localUser, type Workspace } from "@deskside/storage";
import type { EventHub } from "../system/event-hub.ts";
import type { SettingsService } from "../settings/settings-service.ts";

/** What was fixed for single models. It belongs to the machine: a loaded model is the same for everybody. */
export interface ModelDefaultsService {
  /** Without a look at the model: for whoever has it already. */
  of(modelId: string): ModelDefaults;
  /** Throws what `ModelLibrary.resolve` throws, as do the next ones. */
  view(modelId: string): Promise<ModelDefaultsView>;
  set(modelId: string, values: ModelDefaults): Promise<ModelDefaultsView>;
  reset(modelId: string): Promise<ModelDefaultsView>;
}

interface ModelDefaultsDeps {
  readonly workspace: Workspace;
  readonly library: ModelLibrary;
  readonly settings: SettingsService;
  readonly events: EventHub;
  /** What it is loaded with is not what it was. */
  readonly onLoadChange: (modelId: string) => void;
}

export function createModelDefaults(deps: ModelDefaultsDeps): ModelDefaultsService {
  const { modelSettings } = deps.workspace;
  const of = (modelId: string) => modelSettings.defaults(localUser, modelId);

  const viewOf = (model: ResolvedModel): ModelDefaultsView => ({
    modelId: model.id,
    values: of(model.id),
    inherited: inheritedBy(model, deps.settings),
    maxContextSize: model.description.limits.maxContext,
    reasons: model.description.reasoning !== null || (model.header.chatTemplate?.includes("</think>") ?? false),
  });
  const keep = (model: ResolvedModel, values: ModelDefaults | null): ModelDefaultsView => {
    const before = of(model.id);
    modelSettings.setDefaults(localUser, model.id, values);
    deps.events.publish({ type: "models" });
    const after = of(model.id);
    const isOther = (["contextSize", "kvType", "gpuLayers"] as const).some((key) => before[key] !== after[key]);
    if (isOther) deps.onLoadChange(model.id);
    return viewOf(model);
  };

  return {
    of,
    view: async (modelId) => viewOf(await deps.library.resolve(modelId)),
    set: async (modelId, values) => keep(await deps.library.resolve(modelId), values),
    reset: async (modelId) => keep(await deps.library.resolve(modelId), null),
  };
}

/** As a load and an answer take it: a size that was set for all models goes before that of the manifest. */
function inheritedBy({ manifest }: ResolvedModel, settings: SettingsService): ModelDefaults {
  const kvType = settings.get(localUser, "hardware.kvType");
  const { stop: _, ...sampling } = manifest?.sampling.chat ?? {};
  return modelDefaultsSchema.parse({
    contextSize: settings.get(localUser, "hardware.contextSize") ?? manifest?.contextSize ?? null,
    kvType: kvType === "auto" ? null : kvType,
    gpuLayers: settings.get(localUser, "hardware.gpuLayers"),
    keepWarmMinutes: settings.get(localUser, "library.keepWarmMinutes"),
    systemPrompt: Object.values(manifest?.systemPrompt ?? {})[0] ?? null,
    sampling,
  });
}
