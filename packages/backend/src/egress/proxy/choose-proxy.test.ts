import { expect, test } from "vitest";
import { parseTarget } from "../http/target.ts";
import { chooseProxy } from "./choose-proxy.ts";

type Env = Record<string, string>;

function choose(url: string, env: Env, setting: string | null = null): string | null {
  return chooseProxy(parseTarget(url), { setting, env })?.name ?? null;
}

test.each<[what: string, url: string, env: Env, setting: string | null, name: string | null]>([
  ["nothing is set", "https://a.example", {}, null, null],
  ["HTTPS_PROXY for https", "https://a.example", { HTTPS_PROXY: "http://p:1" }, null, "p:1"],
  ["not for http", "http://a.example", { HTTPS_PROXY: "http://p:1" }, null, null],
  ["HTTP_PROXY for http", "http://a.example", { HTTP_PROXY: "http://p:1" }, null, "p:1"],
  ["not for https", "https://a.example", { HTTP_PROXY: "http://p:1" }, null, null],
  ["ALL_PROXY for both", "https://a.example", { ALL_PROXY: "p:1" }, null, "p:1"],
  ["the closer one first", "https://a.example", { ALL_PROXY: "p:1", HTTPS_PROXY: "q:2" }, null, "q:2"],
  ["lower case first", "https://a.example", { HTTPS_PROXY: "p:1", https_proxy: "q:2" }, null, "q:2"],
  ["lower case alone", "http://a.example", { all_proxy: "q:2" }, null, "q:2"],
  ["an empty one is none", "https://a.example", { HTTPS_PROXY: " " }, null, null],
  ["the setting before the environment", "https://a.example", { HTTPS_PROXY: "p:1" }, "http://q:2", "q:2"],
  ["the setting for both", "http://a.example", {}, "http://q:2", "q:2"],
  ['"none" before the environment', "https://a.example", { HTTPS_PROXY: "p:1" }, "none", null],
  ["the usual port", "https://a.example", { HTTPS_PROXY: "http://p.example" }, null, "p.example:80"],
  ["the usual port of https", "https://a.example", { HTTPS_PROXY: "https://p.example" }, null, "p.example:443"],
  [
    "an address with IPv6",
    "https://a.example",
    { HTTPS_PROXY: "http://[2001:db9::1]:3128" },
    null,
    "[2001:db9::1]:3128",
  ],
  ["a path is no matter", "https://a.example", { HTTPS_PROXY: "http://p:1/x?y" }, null, "p:1"],
  ["this computer", "http://127.8.9.1:80", { ALL_PROXY: "p:1" }, "http://q:2", null],
  ["this computer, IPv6", "http://[::1]:80", { ALL_PROXY: "p:1" }, null, null],
  ["this computer by name", "http://x.localhost", { ALL_PROXY: "p:1" }, null, null],
  ["NO_PROXY before the setting", "https://a.example", { NO_PROXY: "a.example" }, "http://q:2", null],
])("%s", (_what, url, env, setting, name) => {
  expect(choose(url, env, setting)).toBe(name);
});

test.each<[noProxy: string, exempt: string[], others: string[]]>([
  ["*", ["https://a.example", "https://8.8.8.8"], []],
  ["a.example", ["https://a.example", "https://b.a.example", "https://A.EXAMPLE."], ["https://ba.example"]],
  [".a.example", ["https://b.a.example", "https://a.example"], ["https://xa.example"]],
  ["*.a.example", ["https://b.a.example"], ["https://xa.example"]],
  ["x.example, a.example b.example", ["https://a.example", "https://b.example"], ["https://c.example"]],
  ["a.example:8443", ["https://a.example:8443"], ["https://a.example"]],
  ["10.0.0.0/8", ["https://10.9.8.7"], ["https://11.0.0.1", "https://10.example"]],
  ["10.1.2.3", ["https://10.1.2.3"], ["https://10.1.2.30", "https://1.10.1.2.3.example"]],
  ["fd00::/8,[2001:db9::1]:443", ["https://[fd12::1]", "https://[2001:db9::1]"], ["https://[2001:db9::2]"]],
  ["2001:db9::1", ["https://[2001:db9:0::1]"], ["https://[2001:db9::2]"]],
  ["10.0.0.0/99,/8,10.0.0.0/x,:8080,::,%%", [], ["https://10.0.0.1", "https://a.example"]],
])("NO_PROXY %s", (noProxy, exempt, others) => {
  const env = { ALL_PROXY: "p:1", no_proxy: noProxy };
  expect(exempt.filter((url) => choose(url, env) !== null)).toEqual([]);
  expect(others.filter((url) => choose(url, env) === null)).toEqual([]);
});

test("name and password are for the proxy's header, and in no name", () => {
  const proxyOf = (text: string) => chooseProxy(parseTarget("https://a.example"), { setting: text, env: {} });
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  expect(proxyOf("http://me%40corp:p%3Aw%2F@p.example:1")).toMatchObject({
    name: "p.example:1",
    authorization: basic("me@corp:p:w/"),
  });
  expect(proxyOf("http://me:50%@p.example:1")?.authorization).toBe(basic("me:50%"));
  expect(proxyOf("http://p.example:1")?.authorization).toBeNull();
});
