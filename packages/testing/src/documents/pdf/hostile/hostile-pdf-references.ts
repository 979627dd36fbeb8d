import type { HostileFile } from "../../hostile-file.ts";
import { buildPdf } from "../build-pdf.ts";
import { flateBomb } from "./flate-bomb.ts";
import { hostilePage, type PageEntries, pdfFile, slow, visibleText } from "./hostile-page.ts";
import { pdfLines } from "../pdf-layout.ts";
import type { PdfObjects } from "../pdf-objects.ts";

const page = (
  name: string,
  wrong: (objects: PdfObjects) => PageEntries,
  ends: readonly string[] = ["document"],
): HostileFile => pdfFile(name, ends, () => hostilePage(wrong));

/** What leads out of a PDF or would run in it. `secretPath` is a file that must not be read; nothing listens on the address. */
export function hostilePdfReferences(secretPath: string): readonly HostileFile[] {
  return [...actions(secretPath), ...external(secretPath), ...forms(secretPath), ...locked];
}

const script = "globalThis.desksideWasRun = true; app.launchURL('http://127.0.0.1:9/'); while (true) {}";

function actions(secretPath: string): HostileFile[] {
  const javaScript = `<< /S /JavaScript /JS (${script.replaceAll(/[()]/g, "\\$&")}) >>`;
  return [
    page("a script that runs when it is opened", () => ({
      catalog: `/OpenAction ${javaScript} /AA << /WC ${javaScript} /DP ${javaScript} >> /Names << /JavaScript << /Names [(a) ${javaScript}] >> >>`,
      page: `/AA << /O ${javaScript} /C ${javaScript} >>`,
    })),
    page("a program that starts when it is opened", () => ({
      catalog: `/OpenAction << /S /Launch /F (${secretPath}) /Win << /F (cmd.exe) /P (/c calc) >> /NewWindow true >>`,
    })),
    page("actions that go round", (objects) => {
      const action = objects.reserve();
      objects.put(action, `<< /S /URI /URI (http://127.0.0.1:9/) /Next [${action} 0 R ${action} 0 R] >>`);
      return { catalog: `/OpenAction ${action} 0 R` };
    }),
    page("links to a file, to an address, and forms sent there", () => ({
      page: `/Annots [${[
        `<< /S /URI /URI (file://${secretPath}) >>`,
        `<< /S /GoToR /F (${secretPath}) /D [0 /Fit] >>`,
        "<< /S /SubmitForm /F << /FS /URL /F (http://127.0.0.1:9/) >> >>",
        `<< /S /ImportData /F (${secretPath}) >>`,
      ]
        .map((action) => `<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A ${action} >>`)
        .join(" ")}]`,
    })),
    page("100,000 annotations that are each other's parents", (objects) => {
      const annotation = objects.reserve();
      objects.put(
        annotation,
        `<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [0 0 9 9] /Parent ${annotation} 0 R /Kids [${annotation} 0 R] >>`,
      );
      return {
        page: `/Annots [${`${annotation} 0 R `.repeat(100_000)}]`,
        catalog: `/AcroForm << /Fields [${annotation} 0 R] >>`,
      };
    }),
    page("films, sounds and scenes from elsewhere", () => ({
      page: `/Annots [<< /Type /Annot /Subtype /Screen /Rect [0 0 9 9] /A << /S /Rendition /OP 0 /R << /S /MR /C << /S /MCD /D << /FS /URL /F (http://127.0.0.1:9/) >> >> >> >> >> << /Type /Annot /Subtype /RichMedia /Rect [0 0 9 9] >> << /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS << /F (${secretPath}) >> >>]`,
    })),
  ];
}

function external(secretPath: string): HostileFile[] {
  const specification = `<< /Type /Filespec /F (${secretPath}) /UF (${secretPath}) >>`;
  const outside = `/F ${specification} /FFilter null`;
  return [
    page(
      "text that stands in a file outside",
      (objects) => ({ content: objects.stream("", { dictionary: outside }) }),
      ["scanned-without-ocr"],
    ),
    page("text and a file outside", (objects) => ({
      content: objects.stream(visibleText, { dictionary: `/F (${secretPath})` }),
      resources: `/XObject << /I ${objects.stream("", { dictionary: `/Subtype /Image /Width 9 /Height 9 ${outside}` })} 0 R >>`,
    })),
    page("a page that is taken from a file outside", (objects) => {
      const dictionary = `/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Ref << /F ${specification} /Page 0 >>`;
      const form = objects.stream("", { dictionary });
      return { resources: `/XObject << /X ${form} 0 R >>`, content: `${visibleText} /X Do` };
    }),
    page(
      "fonts and character maps in files outside",
      (objects) => {
        const stream = objects.stream("", { dictionary: outside });
        return {
          resources: `/Font << /F1 << /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /../../../../etc/passwd /ToUnicode ${stream} 0 R /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /../../../etc/passwd /CIDSystemInfo << /Registry (..) /Ordering (..${secretPath}) /Supplement 0 >> /FontDescriptor << /FontFile3 ${stream} 0 R >> >>] >> >>`,
        };
      },
      ["document", "scanned-without-ocr"],
    ),
    page("5,000 files within the file", (objects) => {
      const inner = objects.stream("MZ a program", { dictionary: "/Type /EmbeddedFile" });
      const names = Array.from({ length: 5000 }, (_, n) => `(${n}.exe) << /F (${n}.exe) /EF << /F ${inner} 0 R >> >>`);
      return { catalog: `/Names << /EmbeddedFiles << /Names [${names.join(" ")}] >> >>` };
    }),
    page("an attachment of 2,000 MB", (objects) => {
      const inner = objects.stream(flateBomb(2048), { dictionary: "/Type /EmbeddedFile /Filter /FlateDecode" });
      return {
        catalog: `/Names << /EmbeddedFiles << /Names [(a) << /F (a.txt) /EF << /F ${inner} 0 R >> >>] >> >>`,
      };
    }),
    page("a PDF in a PDF in a PDF", (objects) => {
      let inner = hostilePage(() => ({}));
      for (let depth = 0; depth < 20; depth++) inner = hostilePage((own) => embed(own, inner));
      return embed(objects, inner);
    }),
  ];
}

function embed(objects: PdfObjects, inner: Buffer): PageEntries {
  const stream = objects.stream(inner, { dictionary: "/Type /EmbeddedFile /Subtype /application#2Fpdf" });
  const names = `(inner.pdf) << /F (inner.pdf) /EF << /F ${stream} 0 R >> >>`;
  return {
    catalog: `/Collection << /Type /Collection /View /D >> /Names << /EmbeddedFiles << /Names [${names}] >> >>`,
  };
}

function forms(secretPath: string): HostileFile[] {
  const entity = `<!DOCTYPE x [<!ENTITY secret SYSTEM "file://${secretPath}">]>`;
  const laughs = `<!DOCTYPE x [<!ENTITY l0 "lol">${Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join("")}]>`;
  const xfa = (objects: PdfObjects, packet: string): PageEntries => ({
    catalog: `/NeedsRendering true /AcroForm << /XFA ${objects.stream(packet, { isPacked: true })} 0 R /Fields [] >>`,
  });
  const template = (text: string) =>
    `<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform><pageSet><pageArea/></pageSet><field><value><text>${text}</text></value></field></subform></template></xdp:xdp>`;
  const metadata = (objects: PdfObjects, xml: string): PageEntries => ({
    catalog: `/Metadata ${objects.stream(xml, { dictionary: "/Type /Metadata /Subtype /XML", isPacked: true })} 0 R`,
  });
  const described = (title: string) =>
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${title}</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>`;
  return [
    page("an XFA form with an entity that is a file", (objects) => xfa(objects, `${entity}${template("&secret;")}`)),
    page("an XFA form that laughs", (objects) => xfa(objects, `${laughs}${template("&l10;")}`)),
    page("an XFA form nested 50,000 deep", (objects) => xfa(objects, template("<subform>".repeat(50_000)))),
    page("metadata with an entity that is a file", (objects) => metadata(objects, `${entity}${described("&secret;")}`)),
    page("metadata that laughs", (objects) => metadata(objects, `${laughs}${described("&l10;")}`)),
    page("metadata nested 200,000 deep", (objects) => metadata(objects, described("<rdf:li>".repeat(200_000)))),
    page("200,000 tags of metadata that never end", (objects) =>
      metadata(objects, described("<rdf:li ".repeat(200_000))),
    ),
    page("metadata of comments that never end", (objects) =>
      metadata(objects, described("<!-- <![CDATA[ <? ".repeat(100_000))),
    ),
  ];
}

const lockedPage = { pages: [{ runs: pdfLines(["Nobody knows the password of this."], { x: 72, y: 700, size: 12 }) }] };
const encrypted = (dictionary: string): Uint8Array =>
  hostilePage((objects) => ({ catalog: `/Lock ${objects.add(dictionary)} 0 R` }), {
    trailer: `/Encrypt << ${dictionary.slice(2, -2)} >> /ID [<00> <00>]`,
  });
const keys = (length: number) => `/O <${"00".repeat(length)}> /U <${"00".repeat(length)}> /P -4`;

const locked: readonly HostileFile[] = [
  pdfFile("a password that nobody knows", ["password"], () => buildPdf({ ...lockedPage, password: "correct horse" })),
  pdfFile("a lock that nobody knows", ["damaged", "password", "unsupported-format"], () =>
    encrypted("<< /Filter /Deskside.Lock /V 1 /R 2 >>"),
  ),
  pdfFile("a lock of a version to come", ["damaged", "password", "unsupported-format"], () =>
    encrypted(`<< /Filter /Standard /V 9 /R 12 ${keys(48)} >>`),
  ),
  slow(
    pdfFile("a lock with keys of no bytes", ["damaged", "password", "time-limit"], () =>
      encrypted("<< /Filter /Standard /V 2 /R 3 /Length 2147483640 /O () /U () /P (x) >>"),
    ),
  ),
  slow(
    pdfFile("a lock with a key of 10^9 bits", ["damaged", "password", "time-limit"], () =>
      encrypted(`<< /Filter /Standard /V 2 /R 3 /Length 1000000000 ${keys(32)} >>`),
    ),
  ),
  pdfFile("a lock of the newest kind with keys of zeros", ["damaged", "password", "document"], () =>
    encrypted(
      `<< /Filter /Standard /V 5 /R 6 /Length 256 ${keys(48)} /OE <${"00".repeat(32)}> /UE <${"00".repeat(32)}> /Perms <${"00".repeat(16)}> /CF << /StdCF << /CFM /AESV3 >> >> /StmF /StdCF /StrF /StdCF >>`,
    ),
  ),
  pdfFile("a lock with a crypt filter that is itself", ["damaged", "password", "document"], () =>
    encrypted(
      `<< /Filter /Standard /V 4 /R 4 /Length 128 ${keys(32)} /CF << /StdCF << /CFM /StdCF >> >> /StmF /StdCF /StrF /Other >>`,
    ),
  ),
];
