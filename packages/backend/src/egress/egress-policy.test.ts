import { describe, expect, test } from "vitest";
import { canonicalHost, createPurposePolicy } from "./egress-policy.ts";

const attempt = { host: "hub.example", port: 443, purpose: "model-download", caller: "library" };

test("without rules nothing leaves", () => {
  expect(createPurposePolicy().decide(attempt)).not.toBe("allow");
});

describe("a rule allows its purpose, its callers and its hosts only", () => {
  const policy = createPurposePolicy({
    rules: [{ purpose: "model-download", callers: ["library"], hosts: [{ host: "Hub.Example.", port: 443 }] }],
  });
  test.each([
    [{}, true],
    [{ purpose: "remote-answer" }, false],
    [{ caller: "plugin" }, false],
    [{ host: "evil.example" }, false],
    [{ host: "hub.example.evil.example" }, false],
    [{ port: 8443 }, false],
  ])("%j", (change, isAllowed) => {
    expect(policy.decide({ ...attempt, ...change }) === "allow").toBe(isAllowed);
  });
});

test("any host, but still for one purpose", () => {
  const policy = createPurposePolicy({ rules: [{ purpose: "model-download", hosts: "any" }] });
  expect(policy.decide({ ...attempt, host: "cdn.example" })).toBe("allow");
  expect(policy.decide({ ...attempt, purpose: "telemetry" })).toEqual({ blocked: 'nothing may leave for "telemetry"' });
});

test.each([
  ["HUB.Example.", "hub.example"],
  ["127.1", "127.0.0.1"],
  ["::1", "::1"],
  ["[0:0::1]", "::1"],
  ["bücher.example", "xn--bcher-kva.example"],
  ["a/b", null],
  ["user@host", null],
  ["host:80", null],
  ["", null],
])("one spelling for %j", (host, canonical) => {
  expect(canonicalHost(host)).toBe(canonical);
});
