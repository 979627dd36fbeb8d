/** First two digits: provinces by GB/T 2260, and 81–83 for residents from Hong Kong, Macao and Taiwan, 91 for foreigners. */
export const provinces: ReadonlySet<string> = new Set(
  "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91".split(
    " ",
  ),
);

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const checkDigits = "10X98765432";

/** Check digit of the first 17 digits by ISO 7064 MOD 11-2, as GB 11643 has it. */
export function idCheckDigit(first: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(first[index]), 0);
  return checkDigits[sum % 11] ?? "";
}

/** 18 digits of GB 11643-1999: region, date of birth, number, check digit. */
export function isIdNumber(digits: string): boolean {
  if (digits.length !== 18 || !/^\d{17}[\dX]$/.test(digits)) return false;
  if (!provinces.has(digits.slice(0, 2)) || !isDate(digits.slice(6, 14))) return false;
  return idCheckDigit(digits) === digits[17];
}

/** The 15 digits that were given out until 1999: two of the year, no check digit. */
export function isOldIdNumber(digits: string): boolean {
  if (!/^\d{15}$/.test(digits) || !provinces.has(digits.slice(0, 2))) return false;
  // Nobody got the number of a district that is 00, nor the number 000.
  return digits.slice(2, 4) !== "00" && digits.slice(12) !== "000" && isDate(`19${digits.slice(6, 12)}`);
}

const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function isDate(digits: string): boolean {
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].map(Number) as [
    number,
    number,
    number,
  ];
  if (year < 1880 || year > 2060 || day < 1 || day > (days[month - 1] ?? 0)) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month !== 2 || day < 29 || isLeap;
}
