import type { HostileFile } from "../hostile-file.ts";

const head =
  "From: a@example.com\r\nTo: b@example.com\r\nSubject: Test\r\nDate: Fri, 27 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n";
const mail = (name: string, ends: readonly string[], make: () => string): HostileFile => ({
  ...{ name, ends, fileName: "mail.eml", make: () => Buffer.from(make(), "latin1") },
});

export const hostileEmail: readonly HostileFile[] = [
  mail("10,000 parts", ["document", "bomb", "damaged"], () => {
    const part = '--b\r\nContent-Type: application/octet-stream; name="x"\r\n\r\nx\r\n';
    return `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\ntext\r\n${part.repeat(10_000)}--b--\r\n`;
  }),
  mail("parts nested 5,000 deep", ["document", "bomb", "damaged", "empty"], () => {
    const open = Array.from(
      { length: 5000 },
      (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
    );
    return `${head}${open.join("")}Content-Type: text/plain\r\n\r\ndeep\r\n`;
  }),
  mail(
    "messages nested 300 deep",
    ["document", "bomb", "damaged", "empty"],
    () => `${head}${"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n".repeat(300)}\r\n\r\ndeep\r\n`,
  ),
  mail(
    "a header of 20 MB",
    ["document", "bomb", "damaged"],
    () => `${head}X-Long: ${"x".repeat(20 * 1024 ** 2)}\r\n\r\ntext\r\n`,
  ),
  mail(
    "500,000 headers",
    ["document", "bomb", "damaged"],
    () => `${head}${"X-More: 1\r\n".repeat(500_000)}\r\ntext\r\n`,
  ),
  mail(
    "100,000 receivers",
    ["document"],
    () => `${head}Cc: ${"c@example.com, ".repeat(100_000)}d@example.com\r\n\r\ntext\r\n`,
  ),
  mail(
    "receivers in groups in groups",
    ["document", "damaged"],
    () => `${head}Cc: ${"group: ".repeat(20_000)}${";".repeat(20_000)}\r\n\r\ntext\r\n`,
  ),
  mail(
    "encoded words without end",
    ["document"],
    () => `${head}Subject: ${"=?utf-8?B?".repeat(20_000)}\r\n\r\ntext\r\n`,
  ),
  mail(
    "an unknown charset",
    ["document"],
    () => `${head}Content-Type: text/plain; charset=x-deskside-none\r\n\r\nplain text\r\n`,
  ),
  mail(
    "broken base64",
    ["document", "empty", "damaged"],
    () => `${head}Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!===@@@\r\n`,
  ),
  mail(
    "10 MB of quoted-printable",
    ["document"],
    () =>
      `${head}Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${"=41=42".repeat(1_500_000)}\r\n`,
  ),
  mail(
    "a page in the mail that loads and runs",
    ["document"],
    () =>
      `${head}Content-Type: text/html\r\n\r\n<html><body><script>globalThis.desksideWasRun = true</script><img src="http://127.0.0.1:9/pixel.gif"><p>visible</p></body></html>\r\n`,
  ),
];
