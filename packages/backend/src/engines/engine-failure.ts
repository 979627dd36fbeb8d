import type { LoadCause, WhyCpu } from "@deskside/contract";
import { findLoadCause } from "@deskside/contract/engine";
import type { EngineEnd } from "./engine-process.ts";

/** Exit codes of Windows: an illegal instruction, a library that is not there. */
const windows = { illegalInstruction: 0xc000_001d, libraryNotFound: 0xc000_0135 } as const;

/** What brought an engine's process down: said on its stderr, or told by how it ended. */
export function causeOfEnd(end: EngineEnd): LoadCause {
  if (end.stalled) return "stalled";
  if (end.signal === "SIGKILL") return "killed-by-system";
  if (end.signal === "SIGILL" || end.exitCode === windows.illegalInstruction) return "engine-binary-wrong-cpu";
  if (end.exitCode === windows.libraryNotFound) return "engine-library-missing";
  const lines = end.stderr.split("\n");
  const said = findLoadCause({ message: "", errorName: "", errorCode: null, lines, addressSpaceLimit: null });
  return said === "unknown" ? "crashed" : said;
}

const reasons: Partial<Record<LoadCause, WhyCpu>> = {
  "out-of-vram": "too-little-vram",
  "vram-used-by-others": "too-little-vram",
  "context-too-large": "too-little-vram",
  "gpu-driver-missing": "driver-missing",
  "gpu-driver-too-old": "driver-too-old",
  "gpu-not-supported": "device-not-supported",
  "gpu-device-lost": "device-lost",
  "gpu-no-device": "no-gpu",
  "engine-binary-missing": "no-engine-binary",
  "engine-library-missing": "no-engine-binary",
};

/** Why the processor does the work after a GPU failed by `cause`. */
export function whyCpuOf(cause: LoadCause): WhyCpu {
  return reasons[cause] ?? "gpu-test-failed";
}
