import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { DesksideError } from "@deskside/base";
import { type BundleInspection, type BundleJob, type BundleResult, deskError } from "@deskside/contract";
import { createWords } from "@deskside/ui/words";
import { type DesksideClient, openSession } from "../../open-session.ts";
import { createProgressBar } from "../../progress-bar.ts";
import { systemLanguages } from "../../report-failure.ts";

export interface ModelBundlesOptions {
  readonly dataDir: string;
  /** `export`, `inspect` or `import`, and a file. */
  readonly words: readonly string[];
  readonly models: readonly string[];
  readonly settings: boolean;
  readonly catalogue: boolean;
  /** A fingerprint that was compared already. */
  readonly trust: string | null;
  readonly json: boolean;
}

type Words = ReturnType<typeof createWords>;

/**
 * `deskside models bundle …`: one file with models, settings and catalogue for a computer without a network. An import
 * shows who made it and asks on a terminal; elsewhere it wants `--trust`. Throws what the backend throws.
 */
export async function modelBundles(options: ModelBundlesOptions): Promise<void> {
  const [action = "", file, ...others] = options.words;
  if (!["export", "inspect", "import"].includes(action))
    throw deskError("USAGE", { problem: "models bundle: there are export, inspect, import" });
  if (file === undefined) throw deskError("USAGE", { problem: `models bundle ${action}: which file?` });
  if (others.length > 0) throw deskError("USAGE", { problem: `unexpected "${others[0]}"` });
  const path = resolve(file);
  const words = createWords(systemLanguages());
  await using session = await openSession(options.dataDir);
  const { client } = session;
  if (action === "inspect") return print(options, await client.library.bundle.inspect({ path }), describe(words));
  if (action === "export") {
    const { models, settings, catalogue } = options;
    const job = await client.library.bundle.export({ path, models: [...models], settings, catalogue });
    return print(options, await follow(client, job), describeExport(words));
  }
  const answer = options.trust === null ? await askTrust(client, path, options.json, words) : { trust: options.trust };
  if (answer === null) return void process.stderr.write(`${words.t("bundle.cli.declined")}\n`);
  const { trust } = answer;
  const job = await client.library.bundle.import({ path, trust });
  print(options, await follow(client, job), describeImport(words));
}

function print<T>({ json }: { readonly json: boolean }, value: T, say: (value: T) => string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : say(value)}\n`);
}

/** Null = the person declined. `trust` null: nothing to ask, or nobody to ask, and the backend decides. */
async function askTrust(
  client: DesksideClient,
  path: string,
  json: boolean,
  words: Words,
): Promise<{ trust: string | null } | null> {
  const found = await client.library.bundle.inspect({ path });
  if (found.own || found.trusted || json || !process.stdin.isTTY) return { trust: null };
  process.stderr.write(`${describe(words)(found)}\n${words.t("bundle.compare")}\n`);
  using asking = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await asking.question(words.t("bundle.cli.ask"));
  return typed.trim().toLowerCase() === found.fingerprint.slice(0, 4) ? { trust: found.fingerprint } : null;
}

/** Until it ended. Ctrl-C stops it, and nothing of it is kept. */
async function follow(client: DesksideClient, { id }: BundleJob): Promise<BundleResult> {
  const words = createWords(systemLanguages());
  const onInterrupt = () => void client.library.bundle.cancel({ id }).catch(() => undefined);
  process.once("SIGINT", onInterrupt);
  const startedAt = performance.now();
  using bar = createProgressBar(process.stderr, words.format);
  try {
    for await (const event of await client.library.bundle.watch({ id })) {
      if (event.type === "done") return event.result;
      if (event.type === "failed") throw new DesksideError(event.error);
      if (event.type === "cancelled") {
        bar.end();
        process.stderr.write(`${words.t("bundle.stopped")}\n`);
        return process.exit(130);
      }
      bar.show(progressOf(event.job, performance.now() - startedAt));
    }
  } finally {
    process.off("SIGINT", onInterrupt);
  }
  throw deskError("BUNDLE_JOB_NOT_FOUND", { jobId: id });
}

function progressOf({ doneBytes, totalBytes, state }: BundleJob, ms: number) {
  const bytesPerSecond = ms < 500 ? null : (doneBytes / ms) * 1000;
  const etaMs = bytesPerSecond ? ((totalBytes - doneBytes) / bytesPerSecond) * 1000 : null;
  return {
    receivedBytes: doneBytes,
    totalBytes,
    bytesPerSecond,
    etaMs,
    state: state === "running" ? state : "done",
  } as const;
}

function describe({ t, format }: Words) {
  return (found: BundleInspection): string => {
    const trust = found.own ? "own" : found.trusted ? "trusted" : "unknown";
    const models = found.models.map(({ name, quantization, licence, sizeBytes, present }) => {
      const parts = [name, quantization ?? "", format.bytes(sizeBytes), licence ?? "?"];
      return `  ${[...parts, present ? t("bundle.cli.present") : ""].join("  ").trimEnd()}`;
    });
    return [
      `${t("bundle.fingerprint")}: ${found.fingerprint}`,
      t(`bundle.trust.${trust}`),
      t("bundle.madeAt", { date: format.dateTime(found.createdAt), version: found.madeWith }),
      ...models,
      ...(found.settings > 0 ? [`  ${t("bundle.settings", { count: found.settings })}`] : []),
      ...(found.catalogue === null ? [] : [`  ${t("bundle.catalogue", { date: found.catalogue })}`]),
      ...found.unknown.map(({ role, entries }) => `  ${t("bundle.unknownRole", { role, count: entries })}`),
      t("bundle.space", { needed: format.bytes(found.neededBytes), free: format.bytes(found.freeBytes) }),
    ].join("\n");
  };
}

function skippedLines({ skipped }: BundleResult, { t }: Words): string[] {
  return skipped.map(({ what, reason }) => t(`bundle.skipped.${reason}`, { what }));
}

function describeExport(words: Words) {
  return (result: BundleResult): string => {
    const { path, fingerprint, bundleBytes } = result;
    const size = words.format.bytes(bundleBytes);
    return [words.t("bundle.cli.exported", { path, size, fingerprint }), ...skippedLines(result, words)].join("\n");
  };
}

function describeImport(words: Words) {
  return (result: BundleResult): string => {
    const already = result.already.map((id) => `${id}  ${words.t("bundle.cli.present")}`);
    const catalogue = result.catalogue === null ? [] : [words.t("bundle.catalogue", { date: result.catalogue })];
    return [...result.models, ...already, ...result.settings, ...catalogue, ...skippedLines(result, words)].join("\n");
  };
}
