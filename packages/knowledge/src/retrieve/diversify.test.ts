import { expect, test } from "vitest";
import { diversify } from "./diversify.ts";

const unit = (angle: number) => Float32Array.of(Math.cos(angle), Math.sin(angle));

test("zero keeps the order; more of it moves back what repeats, and a bad hit still comes last", () => {
  const items = [
    { score: 10, vector: unit(0) },
    { score: 9.5, vector: unit(0.01) },
    { score: 9, vector: unit(1) },
    { score: 0, vector: unit(1.5) },
  ];
  expect(diversify(items, 0, 4)).toEqual([0, 1, 2, 3]);
  expect(diversify(items, 0.4, 4)).toEqual([0, 2, 1, 3]);
  expect(diversify(items, 0.4, 2)).toEqual([0, 2]);
});

test("without vectors nothing is taken to repeat", () => {
  expect(
    diversify(
      [
        { score: 2, vector: null },
        { score: 1, vector: null },
      ],
      0.9,
      5,
    ),
  ).toEqual([0, 1]);
});
