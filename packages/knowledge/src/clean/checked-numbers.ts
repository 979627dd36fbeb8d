import { provinces } from "./id-numbers.ts";

/** Beginnings that issuers use, with the lengths of their cards: UnionPay, older Chinese ones, Visa, Mastercard, JCB, Discover. */
const issuers: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^62/, [16, 17, 18, 19]],
  [/^(?:9558|955[09]|60142|6013|6858|69580|9400|9843|9896)/, [16, 17, 18, 19]],
  [/^4/, [16]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^35(?:2[89]|[3-8])/, [16]],
  [/^(?:6011|65)/, [16]],
];

/** 16 to 19 digits with an issuer's beginning and the check digit of ISO/IEC 7812 (Luhn). */
export function isBankCard(digits: string): boolean {
  if (!/^\d{16,19}$/.test(digits) || /^(\d)\1+$/.test(digits)) return false;
  const known = issuers.some(([beginning, lengths]) => lengths.includes(digits.length) && beginning.test(digits));
  return known && luhnSum(digits) % 10 === 0;
}

/** Sum of the digits, every second one from the right doubled; a multiple of ten for a valid number. */
export function luhnSum(digits: string): number {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum;
}

const codeLetters = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/** Check character of the first 17 of a unified social credit code (GB 32100-2015): weights are powers of 3 modulo 31. */
export function creditCheckCharacter(first: string): string {
  let sum = 0;
  let weight = 1;
  for (let index = 0; index < 17; index++) {
    sum += codeLetters.indexOf(first[index] ?? "") * weight;
    weight = (weight * 3) % 31;
  }
  return codeLetters[(31 - (sum % 31)) % 31] ?? "";
}

/** Registering authority and kind of organisation, region, organisation's code, check character. */
const creditCode =
  /^(?:1[1239]|2[19]|3[1-59]|4[19]|5[1-39]|6[129]|7[129]|8[19]|9[1-3]|A[19]|N[1-39]|Y1)(\d\d)\d{4}[0-9A-HJ-NPQRTUWXY]{10}$/;
/** Where what belongs to the whole country is registered. */
const nationwide = "10";

/** `text` in capitals; O and I, which the code does not use, are read as 0 and 1. */
export function isCreditCode(text: string): boolean {
  const read = normaliseCreditCode(text);
  const province = read.length === 18 ? creditCode.exec(read)?.[1] : undefined;
  if (province === undefined || !(provinces.has(province) || province === nationwide)) return false;
  return creditCheckCharacter(read) === read[17];
}

export function normaliseCreditCode(text: string): string {
  return text.replaceAll("O", "0").replaceAll("I", "1");
}
