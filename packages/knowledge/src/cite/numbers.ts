/**
 * Numbers as people write them, brought to one form: "1,000" = "1000" = "１０００" = "一千", "3.50" = "3.5",
 * "twelve" = "12", "二〇一六" = "2016", "第三" = "3". A percent sign or unit is not part of the number.
 */

const digitsOf: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const scalesOf: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000, 万: 10_000, 亿: 100_000_000 };

const englishSmall = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
];
const englishTens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const englishOrdinals = [
  "first",
  "second",
  "third",
  "fourth",
  "fifth",
  "sixth",
  "seventh",
  "eighth",
  "ninth",
  "tenth",
  "eleventh",
  "twelfth",
];
const englishScales: Readonly<Record<string, number>> = {
  hundred: 100,
  thousand: 1000,
  million: 1_000_000,
  billion: 1_000_000_000,
  trillion: 1_000_000_000_000,
};

/** Value of a run of Chinese numerals; null when it is none. */
export function chineseNumber(run: string): number | null {
  if (/^[零〇一二三四五六七八九]{2,}$/.test(run)) return Number([...run].map((c) => digitsOf[c]).join(""));
  let total = 0;
  let section = 0;
  let digit: number | null = null;
  for (const char of run) {
    const value = digitsOf[char];
    if (value !== undefined) {
      digit = value;
      continue;
    }
    const scale = scalesOf[char];
    if (scale === undefined) return null;
    if (scale < 10_000) section += (digit ?? 1) * scale;
    else {
      total = (total + section + (digit ?? 0)) * scale;
      section = 0;
    }
    digit = null;
  }
  return total + section + (digit ?? 0);
}

/** Value of one English number word ("twenty-one", "third"); null when it is none. */
export function englishNumber(word: string): number | null {
  const lower = word.toLowerCase();
  const small = englishSmall.indexOf(lower);
  if (small >= 0) return small;
  const ordinal = englishOrdinals.indexOf(lower);
  if (ordinal >= 0) return ordinal + 1;
  const [tens = "", ones] = lower.split("-");
  const ten = englishTens.indexOf(tens);
  if (ten < 0) return null;
  if (ones === undefined) return (ten + 2) * 10;
  const one = englishSmall.indexOf(ones);
  return one > 0 && one < 10 ? (ten + 2) * 10 + one : null;
}

/** Factor of "million", "thousand"; null when the word is none. */
export function englishScale(word: string): number | null {
  return englishScales[word.toLowerCase()] ?? null;
}

/** "1,234.50" → "1234.5". Leading zeros stay where they make a code ("007"). */
export function plainDigits(text: string): string {
  const joined = text.normalize("NFKC").replaceAll(/(?<=\d)[,\u00a0\u202f' ](?=\d{3}(?!\d))/g, "");
  if (/^0\d/.test(joined)) return joined;
  return joined.includes(".") && /^\d+\.\d+$/.test(joined) ? joined.replace(/\.?0+$/, "") : joined;
}
