import type { Hub } from "./hub.ts";

/**
 * A repository with GGUF files of the same model, for somebody who asked for one without: the most downloaded that is
 * named like it. `where` of UNSUPPORTED_FORMAT. Null when the hub's search finds none.
 */
export async function findNearestGguf(
  hub: Hub,
  repo: string,
  quantization: string | null,
  options: { signal?: AbortSignal } = {},
): Promise<string | null> {
  const model = modelName(repo);
  const hits = await hub.search(model, { limit: 20, ...options });
  const key = keyOf(model);
  const found = hits.filter((hit) => hit.repo !== repo && keyOf(modelName(hit.repo)) === key);
  const most = found.toSorted((a, b) => (b.downloads ?? 0) - (a.downloads ?? 0))[0];
  if (!most) return null;
  return quantization === null ? most.repo : `${most.repo}:${quantization}`;
}

/** The name without what says how the weights are stored. */
function modelName(repo: string): string {
  const name = repo.split("/").at(-1) ?? repo;
  return name.replace(
    /(?:[-_.](?:fp8|int[48]|awq|gptq|nvfp4|mlx|exl[23]|gguf|bf16|fp16|[48]bit|dynamic|w\da\d+))+$/i,
    "",
  );
}

/** Spelling that publishers vary. Some put the owner before the name: `bartowski/Qwen_Qwen3-8B-GGUF`. */
function keyOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/^[^_]+_(?=.{4})/, "")
    .replace(/[-_.]/g, "");
}
