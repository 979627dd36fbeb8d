import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runProgram } from "../run-program.ts";
import type { MadeFile } from "./make-documents.ts";
import { writePicturePdf } from "./write-pdf.ts";

/** A4 at 200 dots an inch, what office scanners make. */
const picture = { width: 1654, height: 2339 };

/** The same PDFs as pictures without a text layer; null where no `pdftoppm` (poppler) draws them. */
export function makeScans(folder: string, pdfs: readonly MadeFile[]): MadeFile[] | null {
  mkdirSync(folder, { recursive: true });
  const scans: MadeFile[] = [];
  for (const { path, pages } of pdfs) {
    const drawn = mkdtempSync(join(folder, "drawn-"));
    const size = ["-scale-to-x", String(picture.width), "-scale-to-y", String(picture.height)];
    const options = ["-gray", "-jpeg", "-jpegopt", "quality=80", ...size];
    if (runProgram("pdftoppm", [...options, path, join(drawn, "page")]) === null) return null;
    const jpegs = readdirSync(drawn)
      .sort()
      .map((name) => readFileSync(join(drawn, name)));
    rmSync(drawn, { recursive: true });
    if (jpegs.length !== pages) throw new Error(`pdftoppm drew ${jpegs.length} of ${pages} pages`);
    const scan = join(folder, `scan-${basename(path)}`);
    writeFileSync(scan, writePicturePdf(jpegs.map((jpeg) => ({ jpeg, ...picture }))));
    scans.push({ path: scan, pages });
  }
  return scans;
}
