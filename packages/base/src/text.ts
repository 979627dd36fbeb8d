/** Replaces lone surrogates with U+FFFD: SQLite, JSON over the wire and tokenizers all want well-formed text. */
export function toWellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** Length in UTF-8 bytes without allocating the bytes; a lone surrogate counts as its replacement. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

const cjk = /[\p{Script=Han}\p{Script=Bopomofo}]/gu;
const letters = /\p{L}/gu;

/** Language of a short text among those Deskside speaks: Chinese when Han characters carry a fifth of its letters. */
export function detectLanguage(text: string): "zh" | "en" {
  const sample = text.slice(0, 4000);
  const han = sample.match(cjk)?.length ?? 0;
  const all = sample.match(letters)?.length ?? 0;
  return han > 0 && han >= all * 0.2 ? "zh" : "en";
}
