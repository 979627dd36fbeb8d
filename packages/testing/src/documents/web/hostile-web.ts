import type { HostileFile } from "../hostile-file.ts";

const page = (name: string, ends: readonly string[], make: () => string): HostileFile => ({
  ...{ name, ends, fileName: "page.html", make: () => Buffer.from(make()) },
});

/** Pages. `secretPath` is a file that must not be read; nothing listens on the address. */
export function hostileWeb(secretPath: string): readonly HostileFile[] {
  return [
    page(
      "elements nested 100,000 deep",
      ["document"],
      () => `<html><body>${"<div>".repeat(100_000)}deep${"</div>".repeat(100_000)}`,
    ),
    page("inline elements nested 100,000 deep", ["document"], () => `<html><body><p>${"<b>".repeat(100_000)}deep`),
    page("tables nested 3,000 deep", ["document"], () => `<html><body>${"<table><tr><td>x".repeat(3000)}`),
    page("lists nested 20,000 deep", ["document"], () => `<html><body>${"<ul><li>x".repeat(20_000)}`),
    page(
      "a cell over 2^31 columns",
      ["document"],
      () =>
        `<html><body><table>${'<tr><td colspan="2147483647" rowspan="2147483647">a</td><td>b</td></tr>'.repeat(1000)}</table>`,
    ),
    page(
      "a tag with 200,000 attributes",
      ["document"],
      () => `<html><body><p ${Array.from({ length: 200_000 }, (_, n) => `a${n}="1"`).join(" ")}>text</p>`,
    ),
    page("300,000 tags that never end", ["document", "empty"], () => `<html><body>text ${"<p".repeat(300_000)}`),
    page("300,000 comments that never end", ["document", "empty"], () => `<html><body>text ${"<!--".repeat(300_000)}`),
    page(
      "scripts, frames and pictures of elsewhere",
      ["document"],
      () =>
        `<html><head><script>globalThis.desksideWasRun = true</script><link rel="stylesheet" href="http://127.0.0.1:9/a.css"><base href="http://127.0.0.1:9/"></head><body onload="globalThis.desksideWasRun = true"><p>visible</p><iframe src="file://${secretPath}"></iframe><img src="file://${secretPath}" onerror="globalThis.desksideWasRun = true"><object data="file://${secretPath}"></object><script>document.write("written")</script><noscript>unscripted</noscript></body></html>`,
    ),
    page(
      "an entity that is a file",
      ["document"],
      () =>
        `<!DOCTYPE html [<!ENTITY secret SYSTEM "file://${secretPath}">]><html><body><p>visible &secret;</p></body></html>`,
    ),
    page(
      "character references of nothing",
      ["document"],
      () => `<html><body><p>a&#0;b&#xD800;c&#x110000;d&#xFFFFFFFF;e</p></body></html>`,
    ),
    page("200,000 links", ["document"], () => `<html><body>${'<a href="#">link text here</a> '.repeat(200_000)}`),
    page(
      "100,000 paragraphs in one another's way",
      ["document"],
      () => `<html><body>${"<p><i><b>x</p>".repeat(100_000)}`,
    ),
  ];
}
