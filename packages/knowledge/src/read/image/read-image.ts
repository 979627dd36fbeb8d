import { createCanvas, loadImage } from "@napi-rs/canvas";
import { type DocumentReader, ReadError } from "../../document/document-schemas.ts";
import { recogniseImage } from "../ocr/recognise-page.ts";
import { pageBlocks, usualSize } from "../pdf/page-blocks.ts";
import { imageSize } from "./image-size.ts";

/** More than any scanner or phone makes. */
const mostPixels = 120_000_000;
/** The recogniser gains nothing from more. */
const usefulPixels = 10_000_000;
/** Pictures of a screen have letters of a dozen pixels; the recogniser was made for thirty. */
const largest = 2;

/** The text of a picture; page 1. */
export const readImage: DocumentReader = async ({ bytes }, options) => {
  const stated = imageSize(bytes);
  if (stated !== null && stated.width * stated.height > mostPixels)
    throw new ReadError("bomb", "more pixels than a photograph");
  if (options.ocrLanguages.length === 0) throw new ReadError("scanned-without-ocr", "a picture");
  const image = await loadImage(Buffer.from(bytes)).catch((cause: unknown) => {
    throw new ReadError("damaged", String(cause), { cause });
  });
  if (image.width * image.height > mostPixels) throw new ReadError("bomb", "more pixels than a photograph");
  const scale = Math.min(largest, Math.sqrt(usefulPixels / Math.max(1, image.width * image.height)));
  const [width, height] = [Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale))];
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  const { lines, confidence } = await recogniseImage(canvas.toBuffer("image/png"), { width, height }, options);
  const blocks = pageBlocks(lines, 1, usualSize(lines));
  if (blocks.length === 0) throw new ReadError("empty", "no text in the picture");
  return {
    ...{ format: "image", title: null, encoding: null, blocks },
    pages: [{ width: image.width, height: image.height, source: "ocr" }],
    warnings: confidence < 0.6 ? [{ code: "ocr-uncertain", count: 1 }] : [],
  };
};
