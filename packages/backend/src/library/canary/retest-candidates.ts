import { isCancellation } from "@deskside/base";
import type { ModelStore, StoredModel, StoredVersion } from "@deskside/model-library";
import type { Logger } from "../../log/logger.ts";
import type { CanaryOutcome } from "./try-model.ts";

interface ExpectedFile {
  /** Null when nobody published one: then the size has to do. */
  readonly sha256: string | null;
  readonly sizeBytes: number;
}

export interface RetestDeps {
  readonly store: Pick<ModelStore, "list" | "promote" | "discard" | "problemOf">;
  readonly tryModel: (path: string, signal: AbortSignal) => Promise<CanaryOutcome>;
  /** Files of downloads that go on: those are tried where they are adopted. */
  readonly expected: readonly (readonly ExpectedFile[])[];
  /** Another file answers for this model from now on. */
  readonly onReplaced: (modelId: string) => void;
  readonly onChange: () => void;
  readonly log: Logger;
}

/**
 * Candidates whose test was cut off by the end of the process and that no download goes on with: each is tried again,
 * then used or put in the trash. One that cannot be tried now stays for the next start. Never throws but the signal's
 * reason.
 */
export async function retestCandidates(deps: RetestDeps, signal: AbortSignal): Promise<void> {
  const { store, log, expected } = deps;
  for (const model of await store.list()) {
    for (const version of model.versions) {
      if (version.state !== "candidate" || isExpected(version, expected)) continue;
      signal.throwIfAborted();
      const about = { model: model.id, version: version.key };
      log.info(about, "a file whose test was cut off is tried again");
      try {
        await retest(model, version, deps, signal);
      } catch (error) {
        if (isCancellation(error, signal)) throw error;
        log.warn({ ...about, err: error }, "could not be tried; it stays for the next start");
      }
    }
  }
}

async function retest(
  model: StoredModel,
  { key, paths: [path] }: StoredVersion,
  { store, tryModel, onReplaced, onChange, log }: RetestDeps,
  signal: AbortSignal,
): Promise<void> {
  const about = { model: model.id, version: key };
  const problem = path === undefined ? "no file" : ((await store.problemOf(model.id, key))?.code ?? null);
  const outcome = problem === null && path !== undefined ? await tryModel(path, signal) : null;
  signal.throwIfAborted();
  if (outcome?.passed || (outcome?.noRoom && model.current === null)) {
    await store.promote(model.id, key);
    log.info(about, "it passed and is in use");
    if (model.current) onReplaced(model.id);
  } else {
    await store.discard(model.id, key);
    log.warn(
      { ...about, step: outcome?.step, detail: outcome?.detail ?? problem },
      "it did not pass and is in the trash",
    );
  }
  onChange();
}

function isExpected({ files }: StoredVersion, expected: RetestDeps["expected"]): boolean {
  return expected.some((wanted) => {
    if (wanted.length !== files.length) return false;
    return wanted.every(({ sha256, sizeBytes }, index) => {
      const file = files[index];
      return sha256 === null ? file?.sizeBytes === sizeBytes : file?.sha256 === sha256;
    });
  });
}
