import { foldedAt } from "./fold-characters.ts";

const local = /[A-Za-z0-9._%+-]/;
const domain = /[A-Za-z0-9.-]/;

/** Addresses with an @ of any width; the domain must end in letters. */
export function findEmails(text: string): { start: number; end: number; value: string }[] {
  const found: { start: number; end: number; value: string }[] = [];
  for (const sign of ["@", "＠", "﹫"]) {
    for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
      const email = around(text, at);
      if (email) found.push(email);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function around(text: string, at: number): { start: number; end: number; value: string } | null {
  let start = at;
  while (start > 0 && at - start < 64 && local.test(foldedAt(text, start - 1))) start -= 1;
  while (start < at && /[.%+-]/.test(foldedAt(text, start))) start += 1;
  let end = at + 1;
  while (end < text.length && end - at < 255 && domain.test(foldedAt(text, end))) end += 1;
  while (end > at + 1 && /[.-]/.test(foldedAt(text, end - 1))) end -= 1;
  let value = "";
  for (let index = start; index < end; index++) value += foldedAt(text, index);
  return /^[^@]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(value)
    ? { start, end, value: value.toLowerCase() }
    : null;
}
