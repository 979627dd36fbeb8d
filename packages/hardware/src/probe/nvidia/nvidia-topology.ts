import type { GpuLink } from "@deskside/contract";

/** A cell of the matrix of `nvidia-smi topo -m`, by the numbers nvidia-smi gives its GPUs. */
export interface TopologyLink {
  readonly from: number;
  readonly to: number;
  readonly kind: GpuLink["kind"];
  readonly links: number | null;
}

/** The header is underlined with escape sequences. */
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

/**
 * Each pair of GPUs once. Columns are found in the header, which starts with an empty cell and may go on with network
 * cards and affinities. Source: captures quoted in NVIDIA/nccl 1505, sgl-project/sglang 13973, noonghunna/club-3090 1229.
 */
export function parseTopology(text: string): TopologyLink[] {
  const lines = text
    .slice(0, 512 * 1024)
    .replace(escapes, "")
    .split(/\r?\n/);
  const head = lines.findIndex((line) => /^\s*GPU0\b/.test(line) && !/\bX\b/.test(line));
  if (head < 0) return [];
  const columns = cellsOf(lines[head] ?? "").filter((cell) => cell.length > 0);
  const found: TopologyLink[] = [];
  for (const line of lines.slice(head + 1)) {
    const [name, ...cells] = cellsOf(line);
    const from = numberOf(name);
    if (from === null) {
      if (line.startsWith("Legend")) break;
      continue;
    }
    for (const [at, column] of columns.entries()) {
      const to = numberOf(column);
      const cell = cells[at];
      if (to !== null && to > from && cell !== undefined && found.length < 4096)
        found.push({ from, to, ...kindOf(cell) });
    }
  }
  return found;
}

/** Cells are separated by tabs; copies from terminals have runs of spaces instead. */
function cellsOf(line: string): string[] {
  const cells = line.includes("\t") ? line.split("\t") : line.trim().split(/\s{1,}/);
  return cells.map((cell) => cell.trim());
}

function numberOf(name: string | undefined): number | null {
  const match = /^GPU(\d{1,3})$/.exec(name ?? "");
  return match ? Number(match[1]) : null;
}

const kinds = ["pix", "pxb", "phb", "node", "sys"] as const;

function kindOf(cell: string): Pick<TopologyLink, "kind" | "links"> {
  const nvlink = /^NV(\d{1,2})$/.exec(cell);
  if (nvlink) return { kind: "nvlink", links: Number(nvlink[1]) };
  return { kind: kinds.find((kind) => kind === cell.toLowerCase()) ?? "unknown", links: null };
}
