import { deskError } from "@deskside/contract";
import { nearestIds } from "../../library/nearest-ids.ts";
import type { HubFile, HubRevision } from "../hub.ts";
import { type GgufFileName, parseGgufFileName } from "./gguf-file-names.ts";
import { foreignFormatOf, nearestQuantization, parseForeignFormat } from "./foreign-formats.ts";

/** One model as one or several files. */
export interface GgufChoice {
  readonly quantization: string | null;
  /** In the order of their parts: the first is the one to open. */
  readonly files: readonly HubFile[];
  readonly sizeBytes: number;
}

/** What is taken when nobody says: the usual one first, then what comes closest to it. */
const usualQuantizations = ["Q4_K_M", "UD-Q4_K_XL", "Q4_K_S", "Q5_K_M", "Q4_0", "IQ4_XS", "IQ4_NL", "MXFP4", "Q8_0"];

interface Group extends GgufChoice {
  readonly stem: string;
  readonly isHelper: boolean;
  readonly expectedParts: number;
}

/** Every model in a repository that is complete, as people choose between them. Helper files are left out. */
export function listGgufChoices(revision: Pick<HubRevision, "files">): readonly GgufChoice[] {
  return groupFiles(revision.files).filter((group) => !group.isHelper && isComplete(group));
}

/**
 * The files of one quantization (`Q4_K_M`, any case) or of one file (path or plain name, any part of a split one).
 * Null: the usual quantization. Throws HUB_FILE_NOT_FOUND with what comes nearest, also when several models fit or a
 * part is missing, and UNSUPPORTED_FORMAT for a repository or a wish without GGUF.
 */
export function chooseFiles(revision: HubRevision, wanted: string | null): GgufChoice {
  const groups = groupFiles(revision.files);
  const models = groups.filter(({ isHelper }) => !isHelper);
  refuseForeign(revision, models, wanted);
  const found = wanted === null ? usual(models) : matching(groups, wanted);
  const [only] = found;
  if (found.length === 1 && only && isComplete(only)) return toChoice(only);
  const label = only && found.length === 1 ? missingPart(only) : (wanted ?? "*.gguf");
  const candidates = found.length > 1 ? found.map(firstPath) : nearest(models, wanted ?? "Q4_K_M");
  throw deskError("HUB_FILE_NOT_FOUND", { repo: revision.repo, wanted: label, nearest: candidates });
}

function groupFiles(files: readonly HubFile[]): Group[] {
  const groups = new Map<string, { name: GgufFileName; parts: { file: HubFile; number: number }[] }>();
  for (const file of files) {
    const name = parseGgufFileName(file.path);
    if (!name) continue;
    const key = `${name.stem}\n${name.part?.of ?? 0}`;
    const group = groups.get(key) ?? { name, parts: [] };
    group.parts.push({ file, number: name.part?.number ?? 1 });
    groups.set(key, group);
  }
  return [...groups.values()].map(({ name, parts }) => {
    const sorted = parts.toSorted((a, b) => a.number - b.number).map(({ file }) => file);
    const sizeBytes = sorted.reduce((sum, file) => sum + file.sizeBytes, 0);
    const { quantization, stem, isHelper, part } = name;
    return { quantization, files: sorted, sizeBytes, stem, isHelper, expectedParts: part?.of ?? 1 };
  });
}

function toChoice({ quantization, files, sizeBytes }: Group): GgufChoice {
  return { quantization, files, sizeBytes };
}

function isComplete({ files, expectedParts }: Group): boolean {
  return files.length === expectedParts && files.every((file, index) => partNumber(file) === index + 1);
}

function partNumber(file: HubFile): number {
  return parseGgufFileName(file.path)?.part?.number ?? 1;
}

function missingPart({ stem, files, expectedParts }: Group): string {
  const numbers = new Set(files.map(partNumber));
  const missing = Array.from({ length: expectedParts }, (_, index) => index + 1).find((number) => !numbers.has(number));
  return `${stem}-${digits(missing ?? 0)}-of-${digits(expectedParts)}.gguf`;
}

function digits(number: number): string {
  return String(number).padStart(5, "0");
}

function usual(models: readonly Group[]): readonly Group[] {
  if (models.length === 1) return models;
  for (const wanted of usualQuantizations) {
    const found = models.filter(({ quantization }) => quantization === wanted);
    if (found.length > 0) return found;
  }
  return models;
}

function matching(groups: readonly Group[], wanted: string): readonly Group[] {
  const text = wanted.toLowerCase();
  const byFile = groups.filter(({ files, stem }) =>
    [stem, ...files.map(({ path }) => path)].some((path) => isSameFile(path.toLowerCase(), text)),
  );
  if (byFile.length > 0) return byFile;
  const models = groups.filter(({ isHelper }) => !isHelper);
  const exact = models.filter(({ quantization }) => quantization?.toLowerCase() === text);
  if (exact.length > 0) return exact;
  return models.filter(({ quantization }) => quantization?.toLowerCase().replace(/^ud-/, "") === text);
}

function isSameFile(path: string, text: string): boolean {
  return path === text || path.split("/").at(-1) === text;
}

function nearest(models: readonly Group[], wanted: string): string[] {
  const quantizations = [...new Set(models.map(({ quantization }) => quantization).filter((name) => name !== null))];
  const isFile = /[./]/.test(wanted);
  const near = isFile ? [] : nearestIds(wanted.toUpperCase(), quantizations);
  return near.length > 0
    ? near
    : nearestIds(wanted, models.map(firstPath))
        .concat(isFile ? [] : quantizations)
        .slice(0, 5);
}

function firstPath({ files }: Group): string {
  return files[0]?.path ?? "";
}

function refuseForeign(revision: HubRevision, models: readonly Group[], wanted: string | null): void {
  const format =
    (wanted === null ? null : parseForeignFormat(wanted)) ?? (models.length === 0 ? foreignFormatOf(revision) : null);
  if (format === null) return;
  const near = nearestQuantization(format);
  const hasNear = models.some(({ quantization }) => quantization !== null && quantization === near);
  throw deskError("UNSUPPORTED_FORMAT", { format, nearest: near, where: hasNear ? `${revision.repo}:${near}` : null });
}
