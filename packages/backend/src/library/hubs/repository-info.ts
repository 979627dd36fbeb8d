import type { HubRepository } from "@deskside/contract";
import type { NearestGguf } from "./nearest-gguf.ts";
import { type HubRevision, listGgufChoices } from "@deskside/model-library";

/** Endings of weights that llama.cpp does not load. */
const otherFormats: readonly [ending: string, format: string][] = [
  [".safetensors", "safetensors"],
  [".bin", "PyTorch"],
  [".pth", "PyTorch"],
  [".onnx", "ONNX"],
];

/** What a repository has to choose from, smallest first. */
export function repositoryInfo(
  hub: string,
  { files, ...revision }: HubRevision,
  nearest: NearestGguf | null,
): HubRepository {
  const choices = listGgufChoices({ files }).toSorted((a, b) => a.sizeBytes - b.sizeBytes);
  const others = otherFormats.filter(([ending]) => files.some(({ path }) => path.toLowerCase().endsWith(ending)));
  return {
    ...{ hub, repo: revision.repo, revision: revision.revision, gated: revision.gated, licence: revision.licence },
    files: choices.map((choice) => ({
      ...{ path: choice.files[0]?.path ?? "", quantization: choice.quantization, sizeBytes: choice.sizeBytes },
      parts: choice.files.map(({ path, sizeBytes, sha256 }) => ({ path, sizeBytes, sha256 })),
    })),
    nearest: nearest && { format: nearest.format, quantization: nearest.quantization, repo: nearest.repo },
    otherFormats: [...new Set(others.map(([, format]) => format))],
  };
}
