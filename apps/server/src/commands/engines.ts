import { DesksideError } from "@deskside/base";
import { deskError, type EngineBinary, type EngineBinaryTrial, type GpuApi, gpuApis } from "@deskside/contract";
import { type DesksideClient, openSession } from "../open-session.ts";

export interface EnginesOptions {
  readonly dataDir: string;
  /** `list` (also without a word), `fetch` or `test`. */
  readonly action: string | undefined;
  readonly api: string | undefined;
  readonly json: boolean;
}

const say = (line: string) => void process.stdout.write(`${line}\n`);
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/**
 * `deskside engines list|fetch|test [cuda|vulkan|metal|none]`: the engine's native packages. `fetch` is the only one
 * that uses the network. A trial that failed sets the exit code 1. Throws what the fetch failed with.
 */
export async function engines(options: EnginesOptions): Promise<void> {
  const { action = "list", json } = options;
  if (!["list", "fetch", "test"].includes(action))
    throw deskError("USAGE", { problem: `engines ${action}: there are list, fetch and test` });
  const api = parseApi(action, options.api);
  await using session = await openSession(options.dataDir);
  const { client } = session;
  if (action === "list" || api === null) return await list(client, json);
  if (action === "fetch") return await fetchBinary(client, api, json);
  const trial = await client.engineBinaries.test({ api });
  if (json) say(JSON.stringify(trial));
  else say(describeTrial(trial));
  if (!trial.passed) process.exitCode = 1;
}

function parseApi(action: string, word: string | undefined): GpuApi | null {
  if (action === "list") return null;
  const api = gpuApis.find((one) => one === (word ?? "cuda"));
  if (!api) throw deskError("USAGE", { problem: `"${word}" is none of ${gpuApis.join(", ")}` });
  return api;
}

async function list(client: DesksideClient, json: boolean): Promise<void> {
  const found = await client.engineBinaries.list();
  if (json) return say(JSON.stringify(found));
  say(`node-llama-cpp ${found.libraryVersion}, fetched packages in ${found.folder}`);
  for (const binary of found.binaries) say(describeBinary(binary));
  for (const { version, bytes } of found.otherVersions)
    say(`also there: packages of node-llama-cpp ${version}, ${megabytes(bytes)}`);
}

function describeBinary(binary: EngineBinary): string {
  const size = binary.downloadBytes > 0 ? `, ${megabytes(binary.downloadBytes)} to fetch` : "";
  const obstacle = binary.obstacle ? `, ${binary.obstacle}${binary.detail ? ` (${binary.detail})` : ""}` : "";
  const trial = binary.trial ? `, ${describeTrial(binary.trial)}` : "";
  return `${binary.api.padEnd(7)} ${binary.state}${size}${obstacle}${trial}`;
}

function describeTrial(trial: EngineBinaryTrial): string {
  const on = trial.devices.length > 0 ? ` on ${trial.devices.join(", ")}` : "";
  if (!trial.passed) return `${trial.api} failed: ${trial.cause}\n${trial.detail}`.trimEnd();
  return `${trial.api} works${on} (${trial.ms} ms)${trial.whyCpu ? `, ${trial.whyCpu}` : ""}`;
}

async function fetchBinary(client: DesksideClient, api: GpuApi, json: boolean): Promise<void> {
  const stop = () => void client.engineBinaries.cancel({ api }).catch(() => undefined);
  process.once("SIGINT", stop);
  try {
    await client.engineBinaries.fetch({ api });
    let told = -1;
    for await (const event of await client.engineBinaries.watch({ api })) {
      if (event.type === "failed") throw new DesksideError(event.error);
      if (event.type === "cancelled") process.exitCode = 130;
      if (event.type !== "progress") break;
      const { receivedBytes, totalBytes, stage } = event.progress;
      const tenth = Math.floor((receivedBytes / totalBytes) * 10);
      if (tenth > told && !json) process.stderr.write(`${stage} ${tenth * 10} % of ${megabytes(totalBytes)}\n`);
      told = Math.max(told, tenth);
    }
  } finally {
    process.off("SIGINT", stop);
  }
  await list(client, json);
}
