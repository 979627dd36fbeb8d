/** A page nested deeper than this was made to break readers: parsing takes the square of the depth. */
const deepest = 500;

/** Elements without an end tag, or whose end tag may be left out. */
const openEnded = new Set(
  "area base br col embed hr img input link meta source track wbr p li td th tr dt dd option tbody thead tfoot colgroup rp rt html body head".split(
    " ",
  ),
);
/** What ends a paragraph. */
const parting = /^\/?(?:p|div|li|tr|td|th|table|ul|ol|h[1-6]|section|article|blockquote|br|hr|dd|dt|pre)$/;
const parted = "</p><p>";
const unread = new Set(["script", "style", "template", "noscript"]);

/** The page as it is, or as plain paragraphs when it is nested beyond reason. One pass, whatever it holds. */
export function flattenHtml(html: string): string {
  return isTooDeep(html) ? `<html><body><p>${paragraphs(html)}</p></body></html>` : html;
}

function isTooDeep(html: string): boolean {
  let depth = 0;
  for (const [, slash, name] of html.matchAll(/<(\/?)([a-z][a-z0-9]{0,20})/gi)) {
    if (openEnded.has((name ?? "").toLowerCase())) continue;
    depth = Math.max(0, depth + (slash === "" ? 1 : -1));
    if (depth > deepest) return true;
  }
  return false;
}

function paragraphs(html: string): string {
  const lower = html.toLowerCase();
  const parts: string[] = [];
  let at = 0;
  while (at < html.length) {
    const tag = html.indexOf("<", at);
    const text = html.slice(at, tag < 0 ? html.length : tag);
    if (text.trim() !== "") parts.push(text);
    if (tag < 0) break;
    const isComment = html.startsWith("<!--", tag);
    const end = isComment ? html.indexOf("-->", tag) : html.indexOf(">", tag);
    if (end < 0) break;
    const name = /^\/?[a-z][a-z0-9]*/.exec(lower.slice(tag + 1, tag + 24))?.[0] ?? "";
    if (parting.test(name) && parts.at(-1) !== parted) parts.push(parted);
    at = end + (isComment ? 3 : 1);
    if (!unread.has(name)) continue;
    const close = lower.indexOf(`</${name}`, at);
    if (close < 0) break;
    at = close;
  }
  return parts.join("");
}
