import type { SystemInfo } from "@deskside/contract";
import type { ModelLibrary } from "@deskside/model-library";
import type { Principal, Workspace } from "@deskside/storage";
import type { BenchService } from "./bench/bench-service.ts";
import type { Egress } from "./egress/index.ts";
import type { EngineBinaries } from "./engine-binaries/index.ts";
import type { EmbeddingEngine } from "./engines/embedding/embedding-engine.ts";
import type { EngineSupervisor } from "./engines/engine-supervisor.ts";
import type { GenerationService } from "./generation/generation-service.ts";
import type { HardwareService } from "./hardware/hardware-service.ts";
import type { ModelDefaultsService } from "./models/model-defaults.ts";
import type { Knowledge } from "./knowledge/create-knowledge.ts";
import type { LibraryService } from "./library/index.ts";
import type { Logger } from "./log/logger.ts";
import type { MonitorService } from "./monitor/monitor-service.ts";
import type { SettingsService } from "./settings/settings-service.ts";
import type { EventHub } from "./system/event-hub.ts";

/** What a call runs with: on whose behalf. */
export interface BackendContext extends Record<PropertyKey, unknown> {
  readonly principal: Principal;
}

/** What the routers work with. */
export interface BackendServices {
  readonly workspace: Workspace;
  readonly library: ModelLibrary;
  /** Finding, fetching and keeping what `library` lists. */
  readonly models: LibraryService;
  /** What was fixed for single models. */
  readonly modelDefaults: ModelDefaultsService;
  readonly engines: EngineSupervisor;
  /** Texts into vectors, in a process of its own. */
  readonly embedding: EmbeddingEngine;
  readonly engineBinaries: EngineBinaries;
  /** Documents: reading, keeping, searching. */
  readonly knowledge: Knowledge;
  readonly generations: GenerationService;
  readonly settings: SettingsService;
  readonly monitor: MonitorService;
  readonly hardware: HardwareService;
  readonly bench: BenchService;
  /** The only way to another host. */
  readonly egress: Egress;
  readonly events: EventHub;
  readonly log: Logger;
  readonly info: () => SystemInfo;
}
