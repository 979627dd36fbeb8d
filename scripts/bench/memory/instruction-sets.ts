import { readFileSync } from "node:fs";

/** Of this processor, those that decide about the layout of weights; by the names of the machine's profile. */
export function readInstructionSets(): string[] {
  const info = readFileSync("/proc/cpuinfo", "utf8");
  const flags = new Set(/^(?:flags|Features)\s*:\s*(.*)$/m.exec(info)?.[1]?.split(" "));
  const names = { avx2: "avx2", avx512: "avx512f", amx: "amx_int8", dotprod: "asimddp", i8mm: "i8mm" };
  return Object.entries(names).flatMap(([name, flag]) => (flags.has(flag) ? [name] : []));
}
