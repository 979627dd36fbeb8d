/**
 * The shape a translation must have: every key of the English catalogue, except that a language without a singular
 * form (Chinese) words `x_other` only. A key that is missing or not in English fails the type check.
 */
export type Translated<T> = {
  readonly [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Translated<T[K]>;
};
