// `npm run bench -- download`: one download against curl, from the same server on this machine. `--mib=N` (1024),
// `--rounds=N` (3), `--line=N` (MiB/s of the server, unlimited), `--json`. curl writes the file and no more; the
// download also hashes it and forces it to the disk.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { ClientResult } from "./download/testing/client.ts";

const exec = promisify(execFile);

interface Round extends ClientResult {
  readonly curlMs: number;
}

interface Result {
  readonly bytes: number;
  readonly rounds: readonly Round[];
  /** Middle values. Bytes per second. */
  readonly curlRate: number;
  readonly rate: number;
  readonly ratio: number;
  readonly peakRssBytes: number;
}

export async function run(args: readonly string[]): Promise<void> {
  const option = (name: string, fallback: number) =>
    Number(args.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback);
  const bytes = option("mib", 1024) * 1024 * 1024;
  const rate = option("line", Number.POSITIVE_INFINITY) * 1024 * 1024;
  const result = await measure(bytes, option("rounds", 3), rate);
  process.stdout.write(args.includes("--json") ? `${JSON.stringify(result)}\n` : describe(result));
}

async function measure(bytes: number, count: number, line: number): Promise<Result> {
  const server = spawn(
    process.execPath,
    [join(import.meta.dirname, "download/server.ts"), String(bytes), String(line)],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  try {
    const [first] = (await once(createInterface(server.stdout), "line")) as [string];
    const { port, sha256 } = JSON.parse(first) as { port: number; sha256: string };
    const url = `http://127.0.0.1:${port}/model.gguf`;
    const rounds: Round[] = [];
    for (let index = 0; index < count; index++) {
      // In turns, so that neither has the quieter machine.
      rounds.push({
        curlMs: await withFolder((folder) => runCurl(url, folder)),
        ...(await runClient(url, bytes, sha256)),
      });
    }
    const curlRate = rateOf(
      bytes,
      rounds.map(({ curlMs }) => curlMs),
    );
    const rate = rateOf(
      bytes,
      rounds.map(({ ms }) => ms),
    );
    const peakRssBytes = Math.max(...rounds.map((round) => round.peakRssBytes));
    return { bytes, rounds, curlRate, rate, ratio: rate / curlRate, peakRssBytes };
  } finally {
    server.kill();
  }
}

async function runCurl(url: string, folder: string): Promise<number> {
  const startedAt = performance.now();
  await exec("curl", ["--silent", "--fail", "--output", join(folder, "model.gguf"), url]);
  return performance.now() - startedAt;
}

function runClient(url: string, bytes: number, sha256: string): Promise<ClientResult> {
  return withFolder(async (folder) => {
    const settings = JSON.stringify({ folder, url, bytes, sha256 });
    const { stdout } = await exec(process.execPath, [
      join(import.meta.dirname, "download/testing/client.ts"),
      settings,
    ]);
    return JSON.parse(stdout) as ClientResult;
  });
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "deskside-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function rateOf(bytes: number, times: readonly number[]): number {
  const middle = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
  return (bytes / middle) * 1000;
}

function describe({ bytes, rounds, curlRate, rate, ratio, peakRssBytes }: Result): string {
  const mib = (value: number) => (value / 1024 / 1024).toFixed(0);
  const cpu = Math.max(...rounds.map(({ cpuMs }) => cpuMs));
  const idle = Math.max(...rounds.map(({ idleRssBytes }) => idleRssBytes));
  const late = Math.max(...rounds.map(({ afterLastByteMs }) => afterLastByteMs));
  return [
    `${mib(bytes)} MiB from a server on this machine, ${rounds.length} rounds in turns, middle values`,
    `curl                        ${mib(curlRate).padStart(6)} MiB/s`,
    `download, hashed, on disk   ${mib(rate).padStart(6)} MiB/s   ${ratio.toFixed(2)} of curl (target 0.90)`,
    `after the last byte         ${late.toFixed(0).padStart(6)} ms`,
    `processor time              ${cpu.toFixed(0).padStart(6)} ms`,
    `peak memory                 ${mib(peakRssBytes).padStart(6)} MiB     of this ${mib(idle)} MiB before the start`,
    "",
  ].join("\n");
}
