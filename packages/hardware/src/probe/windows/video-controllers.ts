import { deskError } from "@deskside/contract";
import { jsonIn } from "../amd/rocm-smi.ts";
import { listOf, numberOf, recordOf, textOf } from "../loose-values.ts";
import { longestCommandMs, type ProbeSource } from "../source/probe-source.ts";

/** A display adapter in the shape of systeminformation's `graphics().controllers`. */
export interface VideoController {
  readonly vendor: string;
  readonly model: string;
  readonly vendorId: string;
  readonly driverVersion: string;
  /** MB as the library rounds it; 4,095 is where the 32-bit field ends. */
  readonly vram: number | null;
  readonly vramDynamic: boolean;
}

const fields = "Name,AdapterCompatibility,AdapterRAM,AdapterDACType,DriverVersion,PNPDeviceID";
export const videoControllerArgs = [
  "-NoProfile",
  "-NonInteractive",
  "-Command",
  `[Console]::OutputEncoding=[Text.Encoding]::UTF8; Get-CimInstance Win32_VideoController | Select-Object ${fields} | ConvertTo-Json -Compress`,
] as const;

/**
 * Display adapters of Windows from one PowerShell. systeminformation's `graphics` starts eight of them for screens and
 * modes nobody asks for here, which a slow laptop does not finish in three seconds. Null = no
 * such program, or no list. Rejects with TIMED_OUT.
 */
export async function readVideoControllers(source: ProbeSource): Promise<{ controllers: VideoController[] } | null> {
  const answer = await source.run("powershell", videoControllerArgs);
  if (answer.status === "timed-out") throw deskError("TIMED_OUT", { what: "powershell", ms: longestCommandMs });
  const controllers = answer.status === "done" ? parseVideoControllers(answer.stdout) : [];
  return controllers.length > 0 ? { controllers } : null;
}

/** A list, or for one adapter the object alone, as ConvertTo-Json writes it. */
export function parseVideoControllers(text: string): VideoController[] {
  const json = jsonIn(text);
  return listOf(Array.isArray(json) ? json : [json], 64).flatMap((entry) => {
    const adapter = recordOf(entry);
    const model = textOf(adapter?.["Name"]);
    if (!adapter || model === "") return [];
    const bytes = numberOf(adapter["AdapterRAM"]);
    return [
      {
        vendor: textOf(adapter["AdapterCompatibility"]),
        model,
        vendorId: /VEN_([0-9A-F]{4})/i.exec(textOf(adapter["PNPDeviceID"]))?.[1]?.toLowerCase() ?? "",
        driverVersion: textOf(adapter["DriverVersion"]),
        vram: bytes === null ? null : Math.round(bytes / 1024 ** 2),
        vramDynamic: textOf(adapter["AdapterDACType"]) === "Internal",
      },
    ];
  });
}
