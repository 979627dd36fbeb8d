import { expect, test } from "vitest";
import { editDistance, nearestIds } from "./nearest-ids.ts";

const ids = ["smollm2-135m-instruct", "starter", "multilingual-e5-small"];

test("distance counts single changes", () => {
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(editDistance("", "abc")).toBe(3);
  expect(editDistance("same", "same")).toBe(0);
});

test("a typing error and a short form find their model, nonsense finds none", () => {
  expect(nearestIds("satrter", ids)).toEqual(["starter"]);
  expect(nearestIds("SmolLM2", ids)).toEqual(["smollm2-135m-instruct"]);
  expect(nearestIds("qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", ids)).toEqual([]);
  expect(nearestIds("", ids)).toEqual([]);
});
