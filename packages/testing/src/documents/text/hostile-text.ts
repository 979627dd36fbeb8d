import type { HostileFile } from "../hostile-file.ts";

const file = (name: string, fileName: string, ends: readonly string[], make: () => Uint8Array): HostileFile => ({
  ...{ name, fileName, ends, make },
});

/** Text in all its kinds. Sizes in the names are sizes of the files. */
export const hostileText: readonly HostileFile[] = [
  file("nothing", "nothing.txt", ["empty"], () => new Uint8Array()),
  file("only blanks", "blanks.txt", ["empty"], () => Buffer.from(" \n\t\r\n  \n")),
  file("only a byte order mark", "mark.txt", ["empty"], () => Buffer.from([0xef, 0xbb, 0xbf])),
  file("one line of 100 MB", "line.txt", ["document"], () => Buffer.alloc(100 * 1024 ** 2, "word ")),
  file("100 MB that is no encoding", "noise.txt", ["document", "unsupported-format"], () => {
    const bytes = Buffer.alloc(100 * 1024 ** 2);
    for (let index = 0; index < bytes.length; index++) bytes[index] = 0x81 + ((index * 7919) % 0x7e);
    return bytes;
  }),
  file("ten million empty lines", "lines.txt", ["empty", "document"], () => Buffer.alloc(10_000_000, "\n")),
  file("a million columns", "columns.csv", ["document"], () =>
    Buffer.from(`${"a,".repeat(1_000_000)}\n${"1,".repeat(1_000_000)}\n`),
  ),
  file("a million short rows", "rows.csv", ["document"], () => Buffer.alloc(4_000_000, "1,2\n")),
  file("a quote that never ends", "quote.csv", ["document"], () => Buffer.from(`a,b\n"${"x,y\n".repeat(500_000)}`)),
  file("zeros between the cells", "zeros.csv", ["document", "unsupported-format"], () =>
    Buffer.from("a,b\n1,\u00002\n\u0000,3\n".repeat(100)),
  ),
  file("quotes alone", "quotes.csv", ["document", "empty"], () => Buffer.alloc(1_000_000, '"')),
  file("JSON nested 100,000 deep", "deep.json", ["document"], () =>
    Buffer.from(`${"[".repeat(100_000)}1${"]".repeat(100_000)}`),
  ),
  file("XML nested 100,000 deep, with a document type", "deep.xml", ["document"], () =>
    Buffer.from(
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${"<a>".repeat(100_000)}&e;${"</a>".repeat(100_000)}`,
    ),
  ),
  file("YAML that laughs", "laughs.yaml", ["document"], () =>
    Buffer.from(
      Array.from({ length: 30 }, (_, n) => `a${n}: &a${n} [${n === 0 ? "lol" : `*a${n - 1}, *a${n - 1}`}]`).join("\n"),
    ),
  ),
  file("quotes nested 50,000 deep", "quotes.md", ["document"], () => Buffer.from(`${">".repeat(50_000)} deep\n`)),
  file("quotes that deepen line by line", "stairs.md", ["document"], () =>
    Buffer.from(Array.from({ length: 600 }, (_, n) => `${"> ".repeat(n)}- step ${n}`).join("\n")),
  ),
  file("lists that deepen line by line", "lists.md", ["document"], () =>
    Buffer.from(Array.from({ length: 400 }, (_, n) => `${"  ".repeat(n)}- item ${n}`).join("\n")),
  ),
  file("200,000 open brackets", "brackets.md", ["document"], () => Buffer.from("[".repeat(200_000))),
  file("half a million stars and underscores", "stars.md", ["document"], () => Buffer.from("*a_ ".repeat(125_000))),
  file("links within links", "links.md", ["document"], () => Buffer.from("[a](".repeat(50_000))),
  file("runs of backticks of every length", "ticks.md", ["document"], () =>
    Buffer.from(Array.from({ length: 1500 }, (_, n) => `e${"`".repeat(n)}`).join("")),
  ),
  file("a table of 20,000 columns", "table.md", ["document"], () =>
    Buffer.from(`${"|a".repeat(20_000)}|\n${"|-".repeat(20_000)}|\n${"|1".repeat(20_000)}|\n`),
  ),
  file("a heading of 5 MB", "heading.md", ["document"], () => Buffer.from(`# ${"x".repeat(5_000_000)}`)),
  file("turned round and invisible characters", "turned.txt", ["document"], () =>
    Buffer.from(
      "invoice \u202efdp.exe\u202c and p\u200ba\u200bs\u200bs\u2060word\ufeff, \u2066isolated\u2069\n".repeat(50),
    ),
  ),
  file("lone surrogates in UTF-16", "surrogates.txt", ["document"], () =>
    Buffer.from("\ufeffgood \ud800 bad \udc00\udc00 end \ud83d\ude00", "utf16le"),
  ),
  file("half a character at the end", "half.txt", ["document"], () =>
    Buffer.from("保修期".repeat(100)).subarray(0, -1),
  ),
  file("a program called text", "program.txt", ["unsupported-format"], () =>
    Buffer.concat([Buffer.from("\x7fELF\x02\x01\x01"), Buffer.alloc(5000, 3), Buffer.alloc(5000, 0)]),
  ),
  file("an old Word file", "old.doc", ["unsupported-format"], () =>
    Buffer.concat([
      Buffer.from("d0cf11e0a1b11ae1", "hex"),
      Buffer.alloc(2000),
      Buffer.from("WordDocument", "utf16le"),
      Buffer.alloc(2000),
    ]),
  ),
  file("an old Excel file of noise", "old.xls", ["damaged", "unsupported-format", "empty"], () =>
    Buffer.concat([
      Buffer.from("d0cf11e0a1b11ae1", "hex"),
      Buffer.alloc(2000, 0x5a),
      Buffer.from("Workbook", "utf16le"),
      Buffer.alloc(2000, 0x11),
    ]),
  ),
];
