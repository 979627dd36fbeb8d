import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readBounded } from "../disk/read-bounded.ts";

/** A model of Ollama: a name in its manifests, its weights a blob named by hash. */
export interface OllamaModel {
  /** As `ollama list` shows it. */
  readonly name: string;
  readonly sha256: string;
  readonly path: string;
  readonly sizeBytes: number;
}

const modelLayer = "application/vnd.ollama.image.model";
const digestPattern = /^sha256:([0-9a-f]{64})$/;
const mostManifestBytes = 1024 * 1024;
const limits = { depth: 4, manifests: 2000 } as const;

const manifestSchema = z.object({
  schemaVersion: z.literal(2),
  layers: z
    .array(z.object({ mediaType: z.string(), digest: z.string().max(100), size: z.number().nonnegative() }))
    .max(1000),
});

/**
 * The hash and size of the weights in a manifest. Null when it is no manifest, or one of a model in several pieces,
 * which llama.cpp could not load. Format: github.com/ollama/ollama, server/manifest.go.
 */
export function parseOllamaManifest(text: string): { sha256: string; sizeBytes: number } | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = manifestSchema.safeParse(json);
  const layers = parsed.success ? parsed.data.layers.filter(({ mediaType }) => mediaType === modelLayer) : [];
  const [layer] = layers;
  const sha256 = layers.length === 1 ? digestPattern.exec(layer?.digest ?? "")?.[1] : undefined;
  return layer && sha256 !== undefined ? { sha256, sizeBytes: layer.size } : null;
}

/** `registry/namespace/model/tag` → what people type. */
export function ollamaName(path: readonly string[]): string {
  const [registry = "", namespace = "", model = "", tag = ""] = path;
  const host = registry === "registry.ollama.ai" ? "" : `${registry}/`;
  const space = host === "" && namespace === "library" ? "" : `${namespace}/`;
  return `${host}${space}${model}:${tag}`;
}

/** Models whose weights are there in full. What cannot be read is left out; `unreadable` names the folders. */
export async function findOllamaModels(
  root: string,
  options: { signal?: AbortSignal } = {},
): Promise<{ models: OllamaModel[]; unreadable: string[] }> {
  const unreadable: string[] = [];
  const manifests: string[][] = [];
  await collect(join(root, "manifests"), [], manifests, unreadable, options.signal);
  const models: OllamaModel[] = [];
  for (const path of manifests) {
    options.signal?.throwIfAborted();
    const text = await readBounded(join(root, "manifests", ...path), mostManifestBytes).catch(() => "");
    const weights = parseOllamaManifest(text);
    const blob = weights && (await findBlob(root, weights));
    if (weights && blob) models.push({ ...weights, name: ollamaName(path), path: blob });
  }
  return { models, unreadable };
}

/** Old versions wrote the hash with a colon. A blob of another size is a download that was not finished. */
async function findBlob(root: string, weights: { sha256: string; sizeBytes: number }): Promise<string | null> {
  for (const separator of ["-", ":"]) {
    const path = join(root, "blobs", `sha256${separator}${weights.sha256}`);
    const info = await stat(path).catch(() => null);
    if (info?.isFile() && info.size === weights.sizeBytes) return path;
  }
  return null;
}

/** Manifests lie exactly four levels deep; links to folders are not followed. */
async function collect(
  root: string,
  path: readonly string[],
  found: string[][],
  unreadable: string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, ...path), { withFileTypes: true });
  } catch {
    unreadable.push(join(root, ...path));
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (found.length >= limits.manifests) return;
    const next = [...path, entry.name];
    if (next.length < limits.depth && entry.isDirectory()) await collect(root, next, found, unreadable, signal);
    if (next.length === limits.depth && entry.isFile()) found.push(next);
  }
}
