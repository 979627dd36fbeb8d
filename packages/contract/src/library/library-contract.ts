import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { attachInputSchema, attachmentSchema } from "../model/model-defaults-schemas.ts";
import {
  bundleEventSchema,
  bundleExportSchema,
  bundleIdentitySchema,
  bundleImportSchema,
  bundleInspectionSchema,
  bundleJobSchema,
  catalogueUpdateResultSchema,
} from "./bundle-schemas.ts";
import {
  canaryReportSchema,
  cataloguePageSchema,
  catalogueQuerySchema,
  downloadEventSchema,
  downloadRequestSchema,
  downloadSchema,
  foreignModelSchema,
  ggufFactsSchema,
  hubComparisonSchema,
  hubInfoSchema,
  hubRepositorySchema,
  hubSearchHitSchema,
  storageSchema,
  storedModelSchema,
  verifyReportSchema,
} from "./library-schemas.ts";
import { hubTokenRequestSchema, hubTokenSchema } from "./hub-token-schemas.ts";

const byId = z.object({ id: z.string() });
const byModel = z.object({ modelId: z.string() });
/** Id or base address; null = the first of the settings. */
const hub = z.string().max(500).nullable().default(null);
const repo = z.string().min(1).max(300);
const revision = z.string().max(200).nullable().default(null);

/** Finding, fetching and keeping models. Only what is named here uses the network, and only when it is called. */
export const libraryContract = {
  /** Needs no network. All of the catalogue without filters: an interface may filter by itself. */
  catalogue: oc.input(catalogueQuerySchema).output(cataloguePageSchema),
  /**
   * A signed file. CATALOGUE_SIGNATURE_INVALID, CATALOGUE_OLDER and CATALOGUE_DAMAGED leave the one in use. An absolute
   * path.
   */
  catalogueUpdate: oc.input(z.object({ path: z.string().min(1).max(4096) })).output(catalogueUpdateResultSchema),
  hubs: oc.output(z.array(hubInfoSchema)),
  search: oc
    .input(z.object({ query: z.string().min(1).max(200), hub, limit: z.number().int().min(1).max(100).default(30) }))
    .output(z.array(hubSearchHitSchema)),
  describe: oc.input(z.object({ repo, revision, hub })).output(hubRepositorySchema),
  /**
   * How fast each hub gives the start of a file, one after another; only when somebody asks. In the order of `hubs`.
   * `file`: as for a download.
   */
  compareHubs: oc
    .input(z.object({ repo, revision, file: z.string().max(500).nullable().default(null) }))
    .output(hubComparisonSchema),
  /** Of a file in a repository: only its head is fetched. */
  remoteFacts: oc.input(z.object({ repo, revision, hub, file: z.string().max(500) })).output(ggufFactsSchema),
  /** Of an installed model, or of a file by its path. */
  facts: oc.input(byModel).output(ggufFactsSchema),

  download: {
    /** Asks the hub, then returns the id; a download of the same files is joined. */
    start: oc.input(downloadRequestSchema).output(downloadSchema),
    /** Those that run or wait in their order, then those that ended since the start. */
    list: oc.output(z.array(downloadSchema)),
    /** Leaving the iterator cancels nothing. */
    watch: oc.input(byId).output(eventIterator(downloadEventSchema)),
    pause: oc.input(byId).output(z.void()),
    /** Also after a failure: what had come is kept. */
    resume: oc.input(byId).output(z.void()),
    /** Deletes what had come. Idempotent. */
    cancel: oc.input(byId).output(z.void()),
    /** Ids in the order they are to run; those that are not named follow. */
    order: oc.input(z.object({ ids: z.array(z.string()) })).output(z.void()),
    /**
     * Fetches the rest from another hub: one of `sources`, or any other that has the same files. What came is kept
     * where a published hash binds both. HUB_FILE_NOT_FOUND when that hub does not have them, DOWNLOAD_CHANGED when
     * its files are others.
     */
    switchSource: oc.input(z.object({ id: z.string(), hub: z.string().max(500) })).output(downloadSchema),
    /** Takes an ended one off the list. */
    forget: oc.input(byId).output(z.void()),
  },

  /** Tokens for repositories that want an account. None is ever returned. */
  tokens: {
    list: oc.output(z.array(hubTokenSchema)),
    /** `host`: of a hub, its id or its address. Sent there alone, over https or on this computer. */
    set: oc.input(hubTokenRequestSchema).output(hubTokenSchema),
    /** HUB_TOKEN_NOT_FOUND when none is kept for it. */
    remove: oc.input(z.object({ host: z.string().min(1).max(300) })).output(z.void()),
  },

  /** One file with models, settings and catalogue, for computers without a network. */
  bundle: {
    identity: oc.output(bundleIdentitySchema),
    /** Reads manifest and signature only. BUNDLE_DAMAGED, BUNDLE_SIGNATURE_INVALID, BUNDLE_NEWER. */
    inspect: oc.input(z.object({ path: z.string().min(1).max(4096) })).output(bundleInspectionSchema),
    /** BUNDLE_EXISTS, BUNDLE_EMPTY, BUNDLE_NO_SPACE at once; the rest ends the job. */
    export: oc.input(bundleExportSchema).output(bundleJobSchema),
    /** As `inspect`, and BUNDLE_NOT_TRUSTED, BUNDLE_NO_SPACE at once. Nothing is visible before all of it was checked. */
    import: oc.input(bundleImportSchema).output(bundleJobSchema),
    /** Those that run, then those that ended since the start. */
    list: oc.output(z.array(bundleJobSchema)),
    /** Leaving the iterator cancels nothing. */
    watch: oc.input(byId).output(eventIterator(bundleEventSchema)),
    /** Idempotent. What was written goes away. */
    cancel: oc.input(byId).output(z.void()),
  },

  storage: oc.output(storageSchema),
  show: oc.input(byModel).output(storedModelSchema),
  /** To the trash. Returns the bytes that are free once it is emptied. MODEL_IN_USE while it answers. */
  remove: oc.input(byModel).output(z.object({ bytes: z.number() })),
  /** By the id of an entry of the trash. */
  restore: oc.input(byId).output(storedModelSchema),
  /** One entry, or all: for good. Returns the bytes given back. */
  emptyTrash: oc.input(z.object({ id: z.string().nullable().default(null) })).output(z.object({ bytes: z.number() })),
  /** A file, or every GGUF file of a folder, used where it lies. */
  importPath: oc.input(z.object({ path: z.string().min(1) })).output(z.array(storedModelSchema)),
  /** Models of other programs on this machine. */
  discover: oc.output(z.array(foreignModelSchema)),
  /** To another of the model folders; hashed there before the first copy goes. */
  move: oc.input(z.object({ modelId: z.string(), folder: z.string() })).output(storedModelSchema),
  /** Without `version`: the one that was in use before. */
  useVersion: oc
    .input(z.object({ modelId: z.string(), version: z.string().nullable().default(null) }))
    .output(storedModelSchema),
  pin: oc.input(z.object({ modelId: z.string(), pinned: z.boolean() })).output(storedModelSchema),
  /** LoRA adapters and the draft model of a model. */
  attachments: oc.input(byModel).output(z.array(attachmentSchema)),
  /** ADAPTER_MISMATCH or DRAFT_MISMATCH when it does not belong to the model. One draft model at most: it replaces. */
  attach: oc.input(attachInputSchema).output(z.array(attachmentSchema)),
  detach: oc.input(byModel.extend({ attachmentId: z.string() })).output(z.array(attachmentSchema)),
  /** Reads and hashes the whole file: seconds for each gigabyte. */
  verify: oc.input(byModel).output(verifyReportSchema),
  /** Loads it beside whatever runs and lets it answer. */
  test: oc.input(byModel).output(canaryReportSchema),
};
