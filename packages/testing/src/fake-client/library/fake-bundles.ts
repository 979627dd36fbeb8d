import { type BundleInspection, type BundleJob, type BundleResult, type Contract, deskError } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { asClientStream } from "../change-feed.ts";

type BundleClient = ContractClient<Contract>["library"]["bundle"];
type BundleStream = Awaited<ReturnType<BundleClient["watch"]>>;

const own = Array.from({ length: 16 }, (_, index) => `00${(index + 16).toString(16)}`).join(" ");
const foreign = Array.from({ length: 16 }, (_, index) => `ff${(index + 16).toString(16)}`).join(" ");

/** Every path is a bundle of another installation with one model; jobs end at once. */
export function createFakeBundles(): BundleClient {
  const jobs: BundleJob[] = [];
  const trusted = new Set<string>();
  const add = (kind: BundleJob["kind"], path: string, fingerprint: string): BundleJob => {
    const job: BundleJob = {
      ...{ id: `bundle-${jobs.length + 1}`, kind, path, fingerprint, state: "done", error: null, current: null },
      ...{ doneBytes: 4.7e9, totalBytes: 4.7e9, startedAt: 1_795_000_000_000 },
    };
    jobs.push(job);
    return job;
  };
  return {
    identity: async () => ({ fingerprint: own }),
    inspect: async ({ path }) => inspection(path, trusted.has(foreign)),
    export: async ({ path, models = [] }) => {
      if (models.length === 0) throw deskError("BUNDLE_EMPTY", {});
      return add("export", path, own);
    },
    import: async ({ path, trust = null }) => {
      if (trust !== foreign && !trusted.has(foreign))
        throw deskError("BUNDLE_NOT_TRUSTED", { path, fingerprint: foreign });
      trusted.add(foreign);
      return add("import", path, foreign);
    },
    list: async () => jobs,
    watch: async ({ id }) => {
      const job = jobs.find((one) => one.id === id);
      if (!job) throw deskError("BUNDLE_JOB_NOT_FOUND", { jobId: id });
      return asClientStream(endOf(job)) as BundleStream;
    },
    cancel: async () => undefined,
  };
}

async function* endOf(job: BundleJob) {
  const result: BundleResult = {
    ...{ path: job.path, fingerprint: job.fingerprint, bundleBytes: job.totalBytes },
    ...{ models: ["sample"], already: [], settings: [], catalogue: null, skipped: [] },
  };
  yield { type: "done" as const, job, result };
}

function inspection(path: string, trusted: boolean): BundleInspection {
  const model = { name: "Sample-7B", role: "chat", quantization: "Q4_K_M", licence: "mit", sizeBytes: 4.7e9 };
  return {
    ...{ path, fingerprint: foreign, own: false, trusted, createdAt: 1_795_000_000_000, madeWith: "1.0.0" },
    models: [{ ...model, adapters: 0, present: false }],
    ...{ settings: 3, catalogue: null, unknown: [], bundleBytes: 4.7e9, neededBytes: 4.7e9, freeBytes: 100e9 },
  };
}
