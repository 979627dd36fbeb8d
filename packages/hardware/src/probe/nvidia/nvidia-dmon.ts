import { numberOf } from "../loose-values.ts";

/** One line of `nvidia-smi dmon`. Percent, °C, watts, hertz, bytes, bytes a second; null = `-`, or no such column. */
export interface DmonReading {
  readonly index: number;
  readonly utilisation: number | null;
  readonly usedBytes: number | null;
  readonly temperature: number | null;
  readonly power: number | null;
  readonly clock: number | null;
  readonly receivedPerSecond: number | null;
  readonly sentPerSecond: number | null;
}

const MB = 1024 ** 2;

/**
 * Reads `nvidia-smi dmon -s pucmt` line by line. Columns differ by driver, so they are found in the `# gpu pwr gtemp …`
 * line, which comes first and again from time to time; the `# Idx W C …` line below it names the units.
 */
export function createDmonParser(): (line: string) => DmonReading | null {
  let columns: readonly string[] = [];
  return (line) => {
    const cells = line.slice(0, 2000).trim().split(/\s+/);
    if (cells[0] === "#" || cells[0]?.startsWith("#")) {
      const names = cells.map((cell) => cell.replace(/^#/, "").toLowerCase()).filter((cell) => cell !== "");
      if (names[0] === "gpu") columns = names;
      return null;
    }
    if (columns.length === 0 || cells.length !== columns.length) return null;
    const value = (name: string, factor = 1) => {
      const at = columns.indexOf(name);
      const number = at < 0 ? null : numberOf(cells[at]);
      return number === null || number < 0 ? null : number * factor;
    };
    const index = value("gpu");
    if (index === null || !Number.isInteger(index)) return null;
    return {
      index,
      utilisation: percent(value("sm")),
      usedBytes: value("fb", MB),
      temperature: value("gtemp") ?? value("temp"),
      power: value("pwr"),
      clock: value("pclk", 1e6),
      receivedPerSecond: value("rxpci", MB),
      sentPerSecond: value("txpci", MB),
    };
  };
}

function percent(value: number | null): number | null {
  return value === null ? null : Math.min(100, value);
}
