import { expect, test } from "vitest";
import { findAddress } from "./app-window.mjs";

test.each([
  ["Deskside: http://127.0.0.1:4310/?token=abc-_1\n", "http://127.0.0.1:4310/?token=abc-_1"],
  ["\u001b[32mready\u001b[0m at http://localhost:80/#t=1 now\n", "http://localhost:80/#t=1"],
  ["http://[::1]:4310/?token=x\n", "http://[::1]:4310/?token=x"],
  // Output comes in pieces: half a token opens a page that is refused.
  ["Deskside: http://127.0.0.1:4310/?token=ab", undefined],
  ["docs: https://example.org:443/ \n", undefined],
  ["http://127.0.0.1.example.org:80/ \n", undefined],
  ["", undefined],
])("%j → %s", (text, address) => {
  expect(findAddress(text)).toBe(address);
});
