import type { MachineProfile } from "@deskside/contract";
import type { ProcessSpawner } from "@deskside/contract/shell";
import type { ModelLibrary } from "@deskside/model-library";
import type { Egress } from "../egress/index.ts";
import { chooseRegistry } from "./choose-registry.ts";
import { createEgressFetch, type RegistryDoor } from "./egress-fetch.ts";
import { createEngineBinaries, type EngineBinaries } from "./engine-binaries.ts";
import { enginesFolderOf } from "./folder/engines-folder.ts";
import { tryBinary } from "./trial/try-binary.ts";

/** The built-in model of every trial: 5 MB, there on every machine. */
const trialModel = "starter";

export interface BackendBinariesOptions {
  /** Guards the policy of `egress`. */
  readonly door: RegistryDoor;
  readonly egress: Egress;
  readonly spawner: ProcessSpawner;
  readonly library: ModelLibrary;
  readonly machine: () => Promise<Pick<MachineProfile, "platform" | "arch" | "gpus">>;
  readonly libraryVersion: string;
  /** `import.meta.resolve("node-llama-cpp")` of the app. */
  readonly libraryEntry: string;
  /** The registry of the user's settings, when there is one. */
  readonly registry?: () => string | null;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The engine's native packages as the backend serves them: through its one way out, tried in its engine processes. */
export function createBackendBinaries(options: BackendBinariesOptions): EngineBinaries {
  const { door, library, spawner, env = process.env } = options;
  return createEngineBinaries({
    folder: enginesFolderOf(env, process.platform),
    libraryEntry: options.libraryEntry,
    libraryVersion: options.libraryVersion,
    registry: () => chooseRegistry(env, options.registry?.()),
    fetchTarball: createEgressFetch(options.egress),
    openRegistry: (registry) => door.open(registry),
    machine: options.machine,
    async tryBinary(api, childEnv, signal) {
      const { path, description, manifest } = await library.resolve(trialModel, signal ? { signal } : {});
      const model = { path, name: description.name, template: manifest?.template ?? null };
      return await tryBinary({ api, spawner, env: childEnv, model, ...(signal ? { signal } : {}) });
    },
  });
}
