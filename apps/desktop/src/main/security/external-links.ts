import { dialog, shell } from "electron";
import type { ShellTexts } from "../window/shell-texts.ts";

/** What may happen with an address that a page wants to open outside. `href` is the parsed form, never the raw one. */
export type LinkVerdict =
  | { readonly action: "open"; readonly href: string }
  /** Opens after the user has seen the address. */
  | { readonly action: "confirm"; readonly href: string; readonly host: string }
  | { readonly action: "refuse" };

const refuse: LinkVerdict = { action: "refuse" };
const longest = 4096;
/** Control and format characters (direction marks among them), white space and backslashes have no place in an address. */
const suspicious = /[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\\"'<>^`{|}]/u;
/** Some mail programs attach local files when the address says so. */
const mailFields: ReadonlySet<string> = new Set(["subject", "body", "cc", "to"]);

/** The one rule for addresses that leave the app: https opens, http and look-alike names ask, mail is mail only. */
export function judgeLink(raw: unknown): LinkVerdict {
  if (typeof raw !== "string" || raw.length > longest || suspicious.test(raw)) return refuse;
  const url = URL.parse(raw);
  if (!url) return refuse;
  if (url.protocol === "mailto:") return judgeMail(url);
  if (url.protocol !== "https:" && url.protocol !== "http:") return refuse;
  // `https:host` and `https:///host` are repaired by the parser: what the eye reads is not what opens.
  if (!/^https?:\/\/[^/]/i.test(raw)) return refuse;
  if (url.username !== "" || url.password !== "" || url.hostname === "") return refuse;
  const plain = url.protocol === "http:" || url.hostname.split(".").some((label) => label.startsWith("xn--"));
  return plain ? { action: "confirm", href: url.href, host: url.host } : { action: "open", href: url.href };
}

function judgeMail(url: URL): LinkVerdict {
  if (!/^[^@/?#%\s]+@[^@/?#%\s]+$/.test(url.pathname)) return refuse;
  for (const [name, value] of url.searchParams) {
    if (!mailFields.has(name.toLowerCase()) || /[\r\n]/.test(name === "body" ? "" : value)) return refuse;
  }
  return { action: "open", href: url.href };
}

/** The only place that hands an address to the system. */
export async function openExternalLink(raw: unknown, texts: ShellTexts): Promise<void> {
  const verdict = judgeLink(raw);
  if (verdict.action === "refuse") return;
  if (verdict.action === "confirm") {
    const { response } = await dialog.showMessageBox({
      type: "question",
      message: texts.openPlainLink,
      detail: verdict.href,
      buttons: [texts.cancel, texts.open],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    if (response !== 1) return;
  }
  await shell.openExternal(verdict.href);
}
