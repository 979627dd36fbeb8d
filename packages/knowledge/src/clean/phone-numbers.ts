/** Network codes that are given to people; those of machines (14x, 10 digits and more) are left out. */
const mobile = /^1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}$/;
const dialled = /^(?:0|86|086|0086)(?=1[3-9])/;

/** How people write it: at once, 3-4-4, 4-4-3, 3-8, 7-4; with the country's code before it. */
const mobileShapes = new Set(["11", "3 4 4", "4 4 3", "3 8", "7 4"]);

/** The eleven digits of a mobile number of mainland China; null when it is none. */
export function readMobile(digits: string): string | null {
  const number = digits.replace(dialled, "");
  return mobile.test(number) ? number : null;
}

/** `shape` without the group of the country's code, if that stands alone. */
export function isMobileShape(shape: readonly number[], digits: string): boolean {
  const prefix = dialled.exec(digits)?.[0].length ?? 0;
  // A 0 that stands apart begins a fraction.
  const rest = prefix > 1 && shape[0] === prefix ? shape.slice(1) : [(shape[0] ?? 0) - prefix, ...shape.slice(1)];
  return mobileShapes.has(rest.join(" "));
}

/** Area codes: 010, 02x, and four digits from 0310 on. */
const area = /^0(?:10|2[0-57-9]|[3-9]\d[0-9])/;

/** Area code and the 7 or 8 digits behind it, without the country's code; null when it is none. */
export function readLandline(digits: string): string | null {
  const national = digits.replace(/^(?:00)?86(?=\d{9,11}$)/, "0").replace(/^00(?=[1-9])/, "0");
  const code = area.exec(national)?.[0];
  if (code === undefined) return null;
  const local = national.slice(code.length);
  const lengths = code.length === 3 ? [8] : [7, 8];
  return lengths.includes(local.length) && /^[2-8]/.test(local) && !/^(\d)\1+$/.test(local) ? national : null;
}

/** The area code stands alone or all at once; the rest at once or as 4-4, 3-4. */
export function isLandlineShape(shape: readonly number[], digits: string): boolean {
  const rest = /^(?:00)?86/.exec(digits)?.[0].length === shape[0] ? shape.slice(1) : shape;
  return rest.length === 1 || (rest.length <= 3 && (rest[0] ?? 9) <= 4 && (rest[0] ?? 0) >= 2);
}
