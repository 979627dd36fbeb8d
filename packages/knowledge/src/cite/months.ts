/** Months as they are written, so that "7 October 2025", "2025-10-07" and "2025年10月7日" share their numbers. */
const names = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];

/** 1 to 12, from a full name or its first three letters; null for anything else. "may" only with a capital. */
export function monthOf(word: string): number | null {
  const lower = word.toLowerCase().replace(/\.$/, "");
  if (lower === "may" && !word.startsWith("M")) return null;
  const index = names.findIndex(
    (name) =>
      name === lower || (lower.length === 3 && name.startsWith(lower)) || (lower === "sept" && name === "september"),
  );
  return index < 0 ? null : index + 1;
}
