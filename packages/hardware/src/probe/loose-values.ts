/** An object of unknown shape; null for anything else. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

/** A list of unknown members, at most `most`; empty for anything else. */
export function listOf(value: unknown, most = 256): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, most) : [];
}

/** A finite number, or a text that is one (`"12288"`, `"12,5"`); null otherwise. */
export function numberOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string") return null;
  const text = value.trim();
  if (!/^[+-]?\d{1,20}(?:[.,]\d{1,12})?$/.test(text)) return null;
  return Number(text.replace(",", "."));
}

/** One line of text without control characters, at most 200 long; empty for anything else. */
export function textOf(value: unknown): string {
  if (typeof value !== "string") return "";
  return value
    .slice(0, 1000)
    .replace(/[\p{Cc}\ufffd]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 200);
}

const factors: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  tb: 1000 ** 4,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/** Bytes of `"24564 MiB"`, `"8 GB"` or a bare number in `unit`. Null when it is not a size, or negative. */
export function bytesOf(value: unknown, unit: "b" | "kib" | "mib" | "mb" | "gb"): number | null {
  if (typeof value === "number") return sized(value, factors[unit]);
  if (typeof value !== "string") return null;
  const match = /^\s*(\d{1,20}(?:[.,]\d{1,9})?)\s*([kmgt]?i?b)?\s*$/i.exec(value);
  if (!match?.[1]) return null;
  return sized(Number(match[1].replace(",", ".")), factors[match[2]?.toLowerCase() ?? unit]);
}

function sized(amount: number, factor: number | undefined): number | null {
  const bytes = Math.round(amount * (factor ?? Number.NaN));
  // More than a petabyte is no memory of a computer.
  return Number.isFinite(bytes) && bytes >= 0 && bytes <= 2 ** 50 ? bytes : null;
}
