import { deflateSync } from "node:zlib";

export interface PdfStreamOptions {
  /** Entries of the stream's dictionary beside its length and filter. */
  readonly dictionary?: string;
  readonly isPacked?: boolean;
  /** What the dictionary says instead of the true length. */
  readonly saysLength?: string;
}

export interface PdfFileOptions {
  /** Entries of the trailer; the catalog is object 1. */
  readonly trailer?: string;
  /** `stream`: a cross-reference stream, which alone can point into object streams. `none`: readers have to search. */
  readonly crossReference?: "table" | "stream" | "none";
  /** Objects that stand in an object stream: their number, the number of that stream and their place in it. */
  readonly packed?: readonly { readonly number: number; readonly container: number; readonly index: number }[];
}

/** The objects of a PDF file by their numbers; anything may be wrong with them. */
export interface PdfObjects {
  reserve(): number;
  put(number: number, body: string | Uint8Array): number;
  add(body: string): number;
  stream(data: string | Uint8Array, options?: PdfStreamOptions): number;
  toFile(options?: PdfFileOptions): Buffer;
}

/** `encrypt` is given every stream; strings in dictionaries stay as they are. */
export function createPdfObjects(encrypt: (number: number, data: Buffer) => Buffer = (_, data) => data): PdfObjects {
  const bodies = new Map<number, Buffer>();
  let last = 0;
  const objects: PdfObjects = {
    reserve: () => ++last,
    put(number, body) {
      bodies.set(number, typeof body === "string" ? latin(body) : Buffer.from(body));
      return number;
    },
    add: (body) => objects.put(objects.reserve(), body),
    stream(data, { dictionary = "", isPacked = false, saysLength } = {}) {
      const number = objects.reserve();
      const plain = typeof data === "string" ? latin(data) : data;
      const content = encrypt(number, Buffer.from(isPacked ? deflateSync(plain, { level: 9 }) : plain));
      const filter = isPacked ? " /Filter /FlateDecode" : "";
      const head = `<< ${dictionary}${filter} /Length ${saysLength ?? content.length} >>\nstream\n`;
      return objects.put(number, Buffer.concat([latin(head), content, latin("\nendstream")]));
    },
    toFile: (options = {}) => writeFile(bodies, last, options),
  };
  return objects;
}

export const latin = (text: string): Buffer => Buffer.from(text, "latin1");

function writeFile(bodies: ReadonlyMap<number, Buffer>, last: number, options: PdfFileOptions): Buffer {
  const { trailer = "", crossReference = "table", packed = [] } = options;
  const offsets = new Map<number, number>();
  const parts: Buffer[] = [latin("%PDF-1.7\n%\u00e2\u00e3\n")];
  let length = parts[0]?.length ?? 0;
  for (const [number, body] of bodies) {
    const part = Buffer.concat([latin(`${number} 0 obj\n`), body, latin("\nendobj\n")]);
    offsets.set(number, length);
    parts.push(part);
    length += part.length;
  }
  const entries = `/Root 1 0 R ${trailer}`;
  if (crossReference === "table") parts.push(latin(table(offsets, last, entries, length)));
  if (crossReference === "stream") parts.push(referenceStream(offsets, last, { entries, at: length, packed }));
  return Buffer.concat(parts);
}

function table(offsets: ReadonlyMap<number, number>, last: number, entries: string, at: number): string {
  const rows = Array.from({ length: last }, (_, index) => {
    const offset = offsets.get(index + 1);
    return offset === undefined ? "0000000000 00000 f \n" : `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  return `xref\n0 ${last + 1}\n0000000000 65535 f \n${rows.join("")}trailer\n<< /Size ${last + 1} ${entries} >>\nstartxref\n${at}\n%%EOF\n`;
}

interface ReferenceStream {
  readonly entries: string;
  readonly at: number;
  readonly packed: NonNullable<PdfFileOptions["packed"]>;
}

function referenceStream(
  offsets: ReadonlyMap<number, number>,
  last: number,
  { entries, at, packed }: ReferenceStream,
): Buffer {
  const number = last + 1;
  const rows = Buffer.alloc((number + 1) * 7);
  const put = (row: number, type: number, second: number, third: number) => {
    rows.writeUInt8(type, row * 7);
    rows.writeUInt32BE(second, row * 7 + 1);
    rows.writeUInt16BE(third, row * 7 + 5);
  };
  for (const [row, offset] of offsets) put(row, 1, offset, 0);
  for (const one of packed) put(one.number, 2, one.container, one.index);
  put(number, 1, at, 0);
  const head = `${number} 0 obj\n<< /Type /XRef /Size ${number + 1} /W [1 4 2] ${entries} /Length ${rows.length} >>\nstream\n`;
  return Buffer.concat([latin(head), rows, latin(`\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`)]);
}
