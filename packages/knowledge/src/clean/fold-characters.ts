/** ASCII code that each UTF-16 unit stands for; 0 for what stands for none. */
const folded = new Uint8Array(0x1_0000);
for (let code = 1; code < 128; code++) folded[code] = code;
// Full-width forms.
for (let code = 0xff01; code <= 0xff5e; code++) folded[code] = code - 0xfee0;
const alike: Readonly<Record<string, string>> = {
  " ": "\u00a0\u2002\u2003\u2005\u2007\u2009\u200a\u200b\u202f\u2060\u3000\ufeff",
  "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63",
  ".": "\u00b7",
  "@": "\ufe6b",
  "|": "\u2502\u2503",
};
for (const [plain, others] of Object.entries(alike))
  for (const other of others) folded[other.charCodeAt(0)] = plain.charCodeAt(0);

export const characterClass = { other: 0, digit: 1, letter: 2, gap: 3 } as const;

/** `gap`: what people and readers of pages put between the parts of one number. */
const classes = new Uint8Array(0x1_0000);
for (let code = 0; code < classes.length; code++) {
  const plain = String.fromCharCode(folded[code] ?? 0);
  if (/[0-9]/.test(plain)) classes[code] = characterClass.digit;
  else if (/[A-Za-z]/.test(plain)) classes[code] = characterClass.letter;
  else if (/[ \t\r\n|().\-/]/.test(plain)) classes[code] = characterClass.gap;
}

/** The ASCII character that stands at `index`, "\0" for another one. Full-width forms, spaces and dashes are plain ones. */
export function foldedAt(text: string, index: number): string {
  return String.fromCharCode(folded[text.charCodeAt(index)] ?? 0);
}

export function classAt(text: string, index: number): number {
  return classes[text.charCodeAt(index)] ?? 0;
}
