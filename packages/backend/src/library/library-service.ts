import type {
  CanaryReport,
  CataloguePage,
  CatalogueQuery,
  CatalogueUpdateResult,
  Download,
  downloadRequestSchema,
  ForeignModel,
  GgufFacts,
  HubComparison,
  HubHit,
  HubInfo,
  HubRepository,
  LibraryStorage,
  StoredModelInfo,
  VerifyReport,
} from "@deskside/contract";
import type { ModelLibrary, ModelStore } from "@deskside/model-library";
import type { z } from "zod";
import type { HardwareService } from "../hardware/hardware-service.ts";
import type { Profile } from "../hardware/profile.ts";
import type { EventHub } from "../system/event-hub.ts";
import type { BundleService } from "./bundle/bundle-service.ts";
import type { CatalogueSource } from "./catalogue/catalogue-source.ts";
import type { CanaryOutcome } from "./canary/try-model.ts";
import type { DownloadService } from "./downloads/download-service.ts";
import type { ComparisonQuestion } from "./hubs/compare-hubs.ts";
import type { HubAccess, RepositoryQuestion } from "./hubs/hub-access.ts";
import type { Attachments } from "./attachments/attachments.ts";
import type { HubTokens } from "./tokens/hub-tokens.ts";
import type { LibrarySettings } from "./library-settings.ts";

export interface LibraryServiceDeps {
  readonly settings: LibrarySettings;
  readonly library: ModelLibrary;
  readonly store: ModelStore;
  readonly hubs: HubAccess;
  readonly tokens: HubTokens;
  readonly attachments: Attachments;
  readonly downloads: DownloadService;
  readonly bundles: BundleService;
  readonly catalogueSource: CatalogueSource;
  readonly hardware: Pick<HardwareService, "advisor">;
  readonly profile: Pick<Profile, "catalogue">;
  readonly discover: () => Promise<readonly Omit<ForeignModel, "modelId">[]>;
  readonly tryModel: (modelId: string, signal: AbortSignal | undefined) => Promise<CanaryOutcome>;
  /** Nothing keeps its file open after this. Throws MODEL_IN_USE while it answers. */
  readonly release: (modelId: string) => Promise<void>;
  /** The same, after a running answer has ended. */
  readonly unload: (modelId: string) => Promise<void>;
  readonly events: EventHub;
  readonly now: () => number;
}

type Options = { readonly signal?: AbortSignal };

/** Finding, fetching and keeping models, as the contract's area `library` promises it. */
export interface LibraryService {
  readonly attachments: Attachments;
  readonly downloads: DownloadService;
  readonly tokens: HubTokens;
  readonly bundles: BundleService;
  catalogueUpdate(path: string): Promise<CatalogueUpdateResult>;
  catalogue(query: CatalogueQuery): Promise<CataloguePage>;
  hubs(): HubInfo[];
  search(question: { query: string; hub: string | null; limit: number }, options?: Options): Promise<HubHit[]>;
  describe(question: RepositoryQuestion, options?: Options): Promise<HubRepository>;
  remoteFacts(question: RepositoryQuestion & { file: string }, options?: Options): Promise<GgufFacts>;
  facts(modelId: string, options?: Options): Promise<GgufFacts>;
  compareHubs(question: ComparisonQuestion, options?: Options): Promise<HubComparison>;
  switchSource(wish: { id: string; hub: string }, options?: Options): Promise<Download>;
  startDownload(wish: z.infer<typeof downloadRequestSchema>, options?: Options): Promise<Download>;
  storage(): Promise<LibraryStorage>;
  show(modelId: string): Promise<StoredModelInfo>;
  remove(modelId: string): Promise<{ bytes: number }>;
  restore(trashId: string): Promise<StoredModelInfo>;
  emptyTrash(trashId: string | null): Promise<{ bytes: number }>;
  importPath(path: string, options?: Options): Promise<StoredModelInfo[]>;
  discover(): Promise<ForeignModel[]>;
  move(modelId: string, folder: string, options?: Options): Promise<StoredModelInfo>;
  useVersion(modelId: string, version: string | null): Promise<StoredModelInfo>;
  pin(modelId: string, pinned: boolean): Promise<StoredModelInfo>;
  verify(modelId: string, options?: Options): Promise<VerifyReport>;
  test(modelId: string, options?: Options): Promise<CanaryReport>;
}
