import { join } from "node:path";
import { parseArgs } from "node:util";
import { makePdfs, makeSmallFiles, makeTextFiles } from "./make-documents.ts";
import { measurePdftotext, measureRecognition, measureSteps } from "./steps.ts";
import { type Ingested, ingestInProduct } from "./whole-product.ts";

const root = join(import.meta.dirname, "../../..");
const resources = join(root, "apps/server/out/reader-resources");
const scannedPages = 3;

/**
 * `npm run bench -- ingest [--files 300] [--pdfs 5] [--pages 40] [--small 2000] [--json]`: documents into a collection by the built
 * server, each step by itself, PDFs beside pdftotext, and the server's memory over many small files. 0 leaves a part out.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      files: { type: "string", default: "300" },
      pdfs: { type: "string", default: "5" },
      pages: { type: "string", default: "40" },
      small: { type: "string", default: "2000" },
      json: { type: "boolean", default: false },
    },
  });
  const [files, pdfs, small] = [Number(values.files), Number(values.pdfs), Number(values.small)];
  const report: Record<string, unknown> = {};
  if (files > 0) report["text files"] = await measure(makeTextFiles(files, 1));
  if (pdfs > 0) {
    const made = makePdfs(pdfs, Number(values.pages), 2);
    const { product, steps } = await measure(made);
    const pages = pdfs * Number(values.pages);
    const alone = measurePdftotext(made);
    const scanned = await measureRecognition(
      made[0] as (typeof made)[0],
      Math.min(scannedPages, Number(values.pages)),
      resources,
    );
    report["PDF"] = {
      ...{ product, steps, pages },
      parsedPagesPerSecond: rounded(pages / steps.parse),
      pdftotextPagesPerSecond: alone === null ? "pdftotext is not installed" : rounded(pages / alone),
      recognitionSecondsPerPage: scanned === null ? "pdftoppm is not installed" : rounded(scanned),
    };
  }
  if (small > 0)
    report["small files"] = { product: productFigures(await ingestInProduct(root, makeSmallFiles(small, 3))) };
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${JSON.stringify(report, null, 2)}\n`);
}

async function measure(files: Parameters<typeof measureSteps>[0]) {
  const steps = await measureSteps(files, resources);
  return { product: productFigures(await ingestInProduct(root, files)), steps };
}

function productFigures({ residentByQuarter, textSeconds, seconds, ...rest }: Ingested) {
  return {
    ...rest,
    textSeconds: rounded(textSeconds),
    seconds: rounded(seconds),
    filesPerSecond: rounded(rest.files / seconds),
    residentMiBByQuarter: residentByQuarter.map(Math.round),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
