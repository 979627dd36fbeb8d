import { beforeEach, describe, expect, it, vi } from "vitest";
import { machine } from "../../test/electron-double/electron-double.ts";
import { shellTexts } from "../window/shell-texts.ts";
import { judgeLink, openExternalLink } from "./external-links.ts";

vi.mock("electron", async () => (await import("../../test/electron-double/electron-double.ts")).electronModule);

const hostile: unknown[] = [
  // Programs of the system.
  "file:///etc/passwd",
  "file://server/share/evil.exe",
  "FILE:///C:/Windows/System32/calc.exe",
  "smb://server/share",
  "ms-msdt:/id PCWDiagnostic /skip force",
  "ms-msdt:-id%20PCWDiagnostic",
  "search-ms:query=evil&crumb=location:\\\\server\\share",
  "ms-officecmd:{}",
  "ms-word:ofe|u|https://evil.example/a.docx",
  "ms-settings:",
  "ms-appinstaller:?source=https://evil.example/a.appx",
  "shell:startup",
  "vbscript:msgbox(1)",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  " javascript:alert(1)",
  "\u0001javascript:alert(1)",
  "javascript://example.com/%0aalert(1)",
  "data:text/html,<script>alert(1)</script>",
  "blob:https://example.com/1",
  "about:blank",
  "app://deskside/index.html",
  "chrome://settings",
  "devtools://devtools/bundled/inspector.html",
  "view-source:https://example.com",
  "jar:https://example.com!/a",
  "ftp://example.com/a",
  "sftp://example.com/a",
  "ssh://-oProxyCommand=calc/x",
  "telnet://example.com",
  "gopher://example.com",
  "ldap://example.com/a",
  "vnc://example.com",
  "rdp://example.com",
  "tel:+123456789",
  "sms:+123456789",
  "steam://run/1",
  "vscode://file/etc/passwd",
  "x-apple.systempreferences:",
  "itms-services://?action=download-manifest&url=https://evil.example",
  "intent://evil#Intent;scheme=https;end",
  "ws://example.com",
  "wss://example.com",
  "custom+scheme://a",
  // Addresses that are not what they look like.
  "https://user@evil.example",
  "https://bank.example:443@evil.example/",
  "https://user:password@evil.example",
  "https:evil.example",
  "https:/evil.example",
  "https:///evil.example",
  "https:\\\\evil.example",
  "https://evil.example\\@bank.example",
  "https://bank.example\u202Emoc.live",
  "https://bank.example\u200B.evil.example",
  "https://exa mple.com",
  "https://example.com/\u0000",
  "https://example.com/\r\nHeader: x",
  'https://example.com/" --evil "',
  "https://example.com/'; calc;'",
  "https://example.com/$(calc)`calc`",
  "https://",
  "https://[::1",
  "https://%00/",
  "//evil.example",
  "evil.example",
  "../../etc/passwd",
  "C:\\Windows\\System32\\calc.exe",
  "\\\\server\\share\\evil.exe",
  `https://example.com/${"a".repeat(5000)}`,
  // Mail that is more than mail.
  "mailto:a@b.example?attach=/etc/passwd",
  "mailto:a@b.example?attachment=C:\\secret.txt",
  "mailto:a@b.example?ATTACH=/etc/passwd",
  "mailto:a@b.example?subject=x%0D%0ABcc:evil@example.com",
  "mailto:a@b.example?bcc=evil@example.com",
  'mailto:a"%20-attach%20/etc/passwd@b.example',
  "mailto:%22/../calc.exe@b.example",
  "mailto:",
  "mailto:?body=x",
  // Not even addresses.
  "",
  null,
  undefined,
  7,
  {},
  ["https://example.com"],
  { toString: () => "https://example.com" },
];

beforeEach(() => {
  machine.opened = [];
  machine.dialogs = [];
  machine.dialogAnswers = [];
});

describe("addresses that leave the app", () => {
  it(`lets none of ${hostile.length} hostile ones through`, async () => {
    expect(hostile.length).toBeGreaterThanOrEqual(60);
    machine.dialogAnswers = hostile.map(() => 1);
    for (const address of hostile) {
      expect(judgeLink(address), String(address)).toEqual({ action: "refuse" });
      await openExternalLink(address, shellTexts("en"));
    }
    expect(machine.opened).toEqual([]);
    expect(machine.dialogs).toEqual([]);
  });

  it("opens what people click on", async () => {
    const good = [
      "https://example.com",
      "https://example.com:8443/a/b?c=d&e=f%20g#h",
      "https://zh.wikipedia.org/wiki/法国",
      "https://en.wikipedia.org/wiki/Set_(mathematics)",
      "mailto:someone@example.com?subject=Hello%20there&body=a%0Ab",
    ];
    for (const address of good) await openExternalLink(address, shellTexts("en"));
    expect(machine.opened).toHaveLength(good.length);
    expect(machine.dialogs).toEqual([]);
  });

  it("asks before it opens an unencrypted address or a name in foreign letters", async () => {
    const doubtful = ["http://example.com/a", "https://xn--80ak6aa92e.com/", "https://аррӏе.com/"];
    for (const address of doubtful) await openExternalLink(address, shellTexts("en"));
    expect(machine.opened).toEqual([]);
    machine.dialogAnswers = [1, 1, 1];
    for (const address of doubtful) await openExternalLink(address, shellTexts("en"));
    expect(machine.opened).toEqual([
      "http://example.com/a",
      "https://xn--80ak6aa92e.com/",
      "https://xn--80ak6aa92e.com/",
    ]);
    // The question shows the form that cannot deceive.
    expect(machine.dialogs.at(-1)?.detail).toBe("https://xn--80ak6aa92e.com/");
  });
});
