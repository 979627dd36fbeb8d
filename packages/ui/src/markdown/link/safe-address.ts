/**
 * The address as the browser would open it (host in ASCII), or null for every scheme but https, http and mailto.
 * Control characters and spaces, with which a scheme can be disguised, make it null.
 */
export function safeAddress(address: string): string | null {
  if (!/^(?:https?:\/\/|mailto:)/i.test(address)) return null;
  for (const char of address) {
    const unit = char.codePointAt(0) ?? 0;
    if (unit <= 0x20 || unit === 0x7f) return null;
  }
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return ["https:", "http:", "mailto:"].includes(url.protocol) ? url.href : null;
}

/** Pixels that are in the text itself. SVG is left out: it is a document, not an image. */
export function isEmbeddedImage(address: string): boolean {
  return /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/i.test(address);
}
