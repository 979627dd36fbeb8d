import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { deskError } from "@deskside/contract";
import { z } from "zod";

const commandSchema = z.object({
  command: z.string(),
  args: z.array(z.string()).default([]),
  exitCode: z.number().int().nullish(),
  /** Name of the file that holds what it printed; a text with a line break is the output itself. */
  stdout: z.string().nullish(),
  stderr: z.string().nullish(),
  /** It never ended by itself. */
  timedOut: z.boolean().optional(),
});

/** Names that other programs give to Node's `process.platform` and `process.arch`. */
const platforms: Readonly<Record<string, string>> = { windows: "win32", macos: "darwin", mac: "darwin" };
const architectures: Readonly<Record<string, string>> = { x86_64: "x64", amd64: "x64", aarch64: "arm64" };

/**
 * A recorded machine. Only `platform` and `arch` must be there. `files` maps paths of /proc and /sys to files of the
 * folder or to their text; `source` says where the recording is from.
 */
export const fixtureManifestSchema = z.object({
  platform: z.string().transform((name) => platforms[name.toLowerCase()] ?? name),
  arch: z.string().transform((name) => architectures[name.toLowerCase()] ?? name),
  source: z.string().optional(),
  commands: z.array(commandSchema).max(1000).nullish(),
  systeminformation: z.string().nullish(),
  nvidiaSmi: z.string().nullish(),
  files: z.record(z.string(), z.string()).nullish(),
});
export type FixtureManifest = z.infer<typeof fixtureManifestSchema>;
export type FixtureCommand = z.infer<typeof commandSchema>;

const longestFileBytes = 16 * 1024 * 1024;

/** Reads the manifest of a fixture folder. Rejects with FIXTURE_INVALID. */
export async function readFixtureManifest(folder: string): Promise<FixtureManifest> {
  const path = join(folder, "manifest.json");
  const parsed = fixtureManifestSchema.safeParse(parseJson(await readFixtureFile(folder, "manifest.json"), path));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(path, issue ? `${issue.path.join(".")}: ${issue.message}` : "not a manifest");
}

/** Text of a file of the folder, without a byte order mark and with plain line ends. Rejects with FIXTURE_INVALID. */
export async function readFixtureFile(folder: string, name: string): Promise<string> {
  const inside = normalize(name);
  if (isAbsolute(inside) || inside === ".." || inside.startsWith(`..${sep}`)) {
    throw invalid(join(folder, name), "the file is outside the folder");
  }
  const path = join(folder, inside);
  try {
    const { size } = await stat(path);
    if (size > longestFileBytes) throw invalid(path, `larger than ${longestFileBytes} bytes`);
    return decode(await readFile(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (typeof code === "string" && code.startsWith("E")) throw invalid(path, message, error);
    throw error;
  }
}

export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, `not JSON: ${(error as Error).message}`, error);
  }
}

/** PowerShell writes UTF-16 with a byte order mark unless told otherwise. */
function decode(bytes: Buffer): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = wide ? bytes.subarray(2).toString("utf16le") : bytes.toString("utf8");
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
}

export function invalid(path: string, detail: string, cause?: unknown): Error {
  return deskError("FIXTURE_INVALID", { path, detail: detail.slice(0, 500) }, { cause });
}
