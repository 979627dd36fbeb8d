import { createHash } from "node:crypto";
import type { MachineProfile } from "@deskside/contract";
import type { ResolvedModel } from "@deskside/model-library";

/** Changes with whatever changes speed: processor, memory, graphics devices, their drivers. */
export function machineKeyOf({ cpu, memory, gpus }: MachineProfile): string {
  const facts = {
    cpu: [cpu.name, cpu.physicalCores, cpu.logicalCores],
    memoryBytes: memory.totalBytes,
    gpus: gpus.map(({ id, name, vramTotalBytes, driver, api }) => [id, name, vramTotalBytes, driver, api]),
  };
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 24);
}

/** The same file under another path is the same model. */
export function modelKeyOf({ description, header }: ResolvedModel): string {
  if (description.sha256) return description.sha256;
  return [header.architecture, header.quantization, header.name ?? "", header.fileBytes, header.headerBytes].join(" ");
}
