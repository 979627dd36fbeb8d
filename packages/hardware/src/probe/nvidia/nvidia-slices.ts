import type { ProbeNote } from "@deskside/contract";
import { type FoundGpu, normalBusId } from "../found-gpu.ts";
import { note } from "../probe-notes.ts";
import type { ListedGpu } from "./nvidia-query.ts";
import type { NvidiaReport, XmlGpu } from "./nvidia-xml.ts";

export interface MigBoard {
  readonly gpu: FoundGpu;
  readonly migEnabled: boolean;
}

/**
 * Replaces each board in MIG mode by its slices. The board's own memory is no budget then: a process sees one slice,
 * and without a slice nothing.
 */
export function sliceBoards(
  boards: readonly MigBoard[],
  listed: readonly ListedGpu[],
  report: NvidiaReport,
): { gpus: FoundGpu[]; notes: ProbeNote[] } {
  const notes: ProbeNote[] = [];
  const gpus = boards.flatMap(({ gpu, migEnabled }) => {
    if (!migEnabled) return [gpu];
    const entry = listed.find((one) => (one.uuid !== null ? one.uuid === gpu.uuid : one.index === gpu.index));
    const own = entry ?? listed.find((one) => one.index === gpu.index);
    if (!own || own.slices.length === 0) {
      notes.push(note("mig-enabled-without-slices", gpu.name));
      return [];
    }
    const xml = report.gpus.find((one) => sameBoard(one, gpu));
    return own.slices.map((slice): FoundGpu => {
      const memory = xml?.slices.find((one) => one.device === slice.device);
      const total = memory?.totalBytes || null;
      if (total === null) notes.push(note("vram-corrected", slice.uuid, `from the profile ${slice.profile}`));
      return {
        ...gpu,
        name: `${gpu.name} MIG ${slice.profile}`,
        uuid: slice.uuid,
        migUuid: slice.uuid,
        vramTotalBytes: total ?? bytesOfProfile(slice.profile),
        vramFreeBytes: total === null ? null : (memory?.freeBytes ?? null),
      };
    });
  });
  return { gpus, notes };
}

function sameBoard(xml: XmlGpu, gpu: FoundGpu): boolean {
  if (xml.uuid !== null && gpu.uuid !== null) return xml.uuid === gpu.uuid;
  const bus = normalBusId(xml.busId);
  return bus !== null && bus === normalBusId(gpu.busId);
}

/**
 * A profile names its memory rounded up: `1g.5gb` has 4,864 MiB, `3g.40gb` 40,448, `1g.12gb` 11,008. Seven eighths of
 * the name are below what is there in each of these.
 */
function bytesOfProfile(profile: string): number | null {
  const gigabytes = /\.(\d{1,4})gb/i.exec(profile)?.[1];
  return gigabytes === undefined ? null : (Number(gigabytes) * 1024 ** 3 * 7) / 8 || null;
}
