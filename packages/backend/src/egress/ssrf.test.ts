import { connect as connectTcp } from "node:net";
import { isDesksideError } from "@deskside/base";
import { describe, expect, test } from "vitest";
import { createEgress } from "./egress.ts";
import { type ConfiguredHost, createPurposePolicy } from "./egress-policy.ts";
import type { ConnectOptions } from "./http/pinned-connect.ts";
import { createMemoryLedger } from "./testing/memory-ledger.ts";
import { readBody } from "./testing/read-body.ts";
import { startServer } from "./testing/start-server.ts";

/** What an attacker's name server answers. */
const names: Record<string, string[]> = {
  "public.example": ["93.184.216.34"],
  localhost: ["127.0.0.1", "::1"],
  "app.localhost": ["127.0.0.1"],
  "loopback.example": ["127.0.0.1"],
  "loopback6.example": ["::1"],
  "private.example": ["10.1.2.3"],
  "mixed.example": ["93.184.216.34", "192.168.1.1"],
  "mixed6.example": ["2606:2800:220:1::1", "fd12::1"],
  "mapped.example": ["::ffff:127.0.0.1"],
  "mapped-hex.example": ["::ffff:a9fe:a9fe"],
  "compatible.example": ["::7f00:1"],
  "nat64.example": ["64:ff9b::a00:1"],
  "6to4.example": ["2002:c0a8:1::"],
  "zone.example": ["fe80::1%eth0"],
  "metadata.google.internal": ["169.254.169.254"],
  "metadata6.example": ["fd00:ec2::254"],
  "nobody.example": ["0.0.0.0"],
  "nothing.example": [],
  "strange.example": ["not an address"],
  "octal-answer.example": ["0177.0.0.1"],
  "everybody.example": ["224.0.0.1"],
  router: ["192.168.1.1"],
};

async function resolve(host: string): Promise<string[]> {
  const found = names[host];
  if (!found) throw Object.assign(new Error(`ENOTFOUND ${host}`), { code: "ENOTFOUND" });
  return found;
}

function createTrap(configuredHosts: readonly ConfiguredHost[] = []) {
  const ledger = createMemoryLedger();
  const connects: ConnectOptions[] = [];
  const egress = createEgress({
    ledger,
    policy: createPurposePolicy({
      rules: [{ purpose: "test", hosts: "any" }],
      configuredHosts: () => configuredHosts,
    }),
    onRecordError: (error) => {
      throw error;
    },
    resolve,
    connect: (options) => {
      connects.push(options);
      throw new Error("nothing may connect");
    },
  });
  const get = (url: string) => egress.request({ url, purpose: "test", caller: "test" });
  return { get, ledger, connects };
}

const reasonOf = (error: unknown) => (isDesksideError(error, "EGRESS_BLOCKED") ? error.data["reason"] : error);

const privateUrls = [
  // Loopback in every way a URL parser accepts.
  ...["http://127.0.0.1/", "https://127.0.0.1/", "http://127.0.0.1:8080/", "http://127.0.0.1:22/", "http://127.1/"],
  ...["http://127.0.1/", "http://127.255.255.254/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/"],
  ...["http://0x7F.0x0.0x0.0x1/", "http://0177.0.0.1/", "http://017700000001/", "http://0177.0x0.0.01/"],
  ...["http://127.0.0.1./", "http:127.0.0.1/", "http:\\\\127.0.0.1\\", "http:////127.0.0.1/"],
  ...["http://%31%32%37.0.0.1/", "http://127%2e0%2e0%2e1/", "http://１２７.０.０.１/", "http://127。0。0。1/"],
  ...["http://①②⑦.⓪.⓪.①/", "http://12\t7.0.0.1/", " http://127.0.0.1/ ", "http://127.0.0.1#@public.example/"],
  ...["http://127.0.0.1?@public.example/", "http://127.0.0.1\\@public.example/", "http://127.0.0.1/@public.example"],
  ...["http://[::1]/", "http://[0:0:0:0:0:0:0:1]/", "http://[0000::0001]/", "http://[::1]:80/", "http://[::0.0.0.1]/"],
  ...["http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::FFFF:7F00:0001]/", "http://[::127.0.0.1]/"],
  ...["http://[64:ff9b::127.0.0.1]/", "http://[2002:7f00:1::]/", "http://[::ffff:0:127.0.0.1]/"],
  // Networks of the house, of the provider, of nobody.
  ...["http://10.0.0.1/", "http://0xa000001/", "http://012.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/"],
  ...["http://192.168.0.1/", "http://3232235521/", "http://0300.0250.0.1/", "http://100.64.0.1/", "http://198.18.0.1/"],
  ...["http://192.0.2.1/", "http://[fc00::1]/", "http://[fd12:3456:789a::1]/", "http://[fec0::1]/"],
  ...["http://[2001:db8::1]/", "http://[::ffff:c0a8:1]/", "http://[64:ff9b:1::a00:1]/"],
  ...[
    "http://0.0.0.0/",
    "http://0/",
    "http://0x0/",
    "http://[::]/",
    "http://[::ffff:0.0.0.0]/",
    "http://255.255.255.255/",
  ],
  ...["http://224.0.0.1/", "http://[ff02::1]/", "http://240.0.0.1/", "http://[2001::1]/"],
  // Names.
  ...[
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://ｌｏｃａｌｈｏｓｔ/",
    "http://app.localhost/",
  ],
  ...["http://loopback.example/", "https://loopback.example:8443/", "http://loopback6.example/", "http://router/"],
  ...["http://private.example/", "http://mixed.example/", "http://mixed6.example/", "http://mapped.example/"],
  ...["http://compatible.example/", "http://nat64.example/", "http://6to4.example/", "http://nobody.example/"],
  ...[
    "http://everybody.example/",
    "http://strange.example/",
    "http://octal-answer.example/",
    "http://PRIVATE.example./",
  ],
];

const linkLocalUrls = [
  ...[
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
  ],
  ...["http://0xA9.0xFE.43518/", "http://169.254.43518/", "http://169.254.169.254./", "http://169.254.170.2/"],
  ...["http://[::ffff:169.254.169.254]/", "http://[::ffff:a9fe:a9fe]/", "http://[::a9fe:a9fe]/"],
  ...["http://[64:ff9b::169.254.169.254]/", "http://[2002:a9fe:a9fe::]/", "http://[fe80::1]/", "http://[febf::1]/"],
  ...["http://[fd00:ec2::254]/", "http://100.100.100.200/", "http://168.63.129.16/", "http://192.0.0.192/"],
  ...["http://metadata.google.internal/", "http://METADATA.google.internal./", "http://metadata6.example/"],
  ...["http://mapped-hex.example/", "http://zone.example/"],
];

const unresolvedUrls = [
  ...[
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[::1%lo]/",
    "http://[::1]x/",
    "http://127.0.0.1:0/",
  ],
  ...["http://127.0.0.1:99999/", "http://1.2.3.4.5/", "http://256.256.256.256/", "http://0x100000000/", "http://"],
  ...["http:///", "http://a b/", "http://127.0.0.1%00/", "//127.0.0.1/", "127.0.0.1", "", "http://missing.example/"],
  ...["http://nothing.example/", "http://./", `http://${"a".repeat(300)}.example/`, "http://[::ffff:127.0.0.1/"],
];

const schemeUrls = [
  ...[
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:6379/_x",
    "data:text/plain,x",
    "javascript:alert(1)",
  ],
  ...["ws://127.0.0.1/", "blob:http://127.0.0.1/x", "localhost:80", "jar:http://127.0.0.1!/", "dict://127.0.0.1/"],
  "unix:/var/run/docker.sock",
];

const userinfoUrls = [
  ...["http://public.example@127.0.0.1/", "http://public.example:80@127.0.0.1/", "http://user:secret@public.example/"],
  ...["https://token@public.example/", "http://:@127.0.0.1:80@public.example/", "http://public.example%2f@127.0.0.1/"],
];

const forms = [
  ...privateUrls.map((url) => [url, "private-address"] as const),
  ...linkLocalUrls.map((url) => [url, "link-local-address"] as const),
  ...unresolvedUrls.map((url) => [url, "unresolved"] as const),
  ...schemeUrls.map((url) => [url, "scheme"] as const),
  ...userinfoUrls.map((url) => [url, "cross-host-credentials"] as const),
];

describe("no way to write an address opens a connection to the inside", () => {
  test("enough of them", () => {
    expect(new Set(forms.map(([url]) => url)).size).toBeGreaterThanOrEqual(80);
  });

  test.each(forms)("%j: %s", async (url, reason) => {
    const { get, ledger, connects } = createTrap();
    expect(await get(url).then(() => "went out", reasonOf)).toBe(reason);
    expect(connects).toEqual([]);
    expect(ledger.rows).toHaveLength(1);
    expect(ledger.rows[0]).toMatchObject({ result: "blocked", reason, sentBytes: 0, receivedBytes: 0 });
  });

  test.each(linkLocalUrls)("not even for a host that the user configured: %j", async (url) => {
    const host = URL.parse(url)?.hostname ?? "";
    const { get, connects } = createTrap([{ host }]);
    expect(await get(url).then(() => "went out", reasonOf)).toBe("link-local-address");
    expect(connects).toEqual([]);
  });

  test("a port that the user did not configure", async () => {
    const { get, connects } = createTrap([{ host: "127.0.0.1", port: 8080 }]);
    expect(await get("http://127.0.0.1:22/").catch(reasonOf)).toBe("private-address");
    expect(connects).toEqual([]);
    await expect(get("http://127.1:8080/")).rejects.toMatchObject({ code: "EGRESS_FAILED" });
    expect(connects).toHaveLength(1);
  });
});

/** A real server in the role of every public host; connections are counted by the address they were meant for. */
async function createInternet(
  answer: (host: string, path: string) => { location: string } | { body: string },
  lookups: (host: string, time: number) => string[],
  configuredHosts: readonly ConfiguredHost[] = [],
) {
  const server = await startServer((request, response) => {
    const reply = answer(request.headers.host ?? "", request.url ?? "");
    if ("location" in reply) response.writeHead(302, { location: reply.location }).end();
    else response.end(reply.body);
  });
  const asked = new Map<string, number>();
  const connects: { host: string; addresses: readonly string[] }[] = [];
  const ledger = createMemoryLedger();
  const egress = createEgress({
    ledger,
    policy: createPurposePolicy({ rules: [{ purpose: "test", hosts: "any" }], configuredHosts: () => configuredHosts }),
    onRecordError: (error) => {
      throw error;
    },
    resolve: async (host) => {
      const time = (asked.get(host) ?? 0) + 1;
      asked.set(host, time);
      return lookups(host, time);
    },
    connect: ({ host, addresses }) => {
      connects.push({ host, addresses });
      return connectTcp(server.port, "127.0.0.1");
    },
  });
  const get = async (url: string) => {
    const response = await egress.request({ url, purpose: "test", caller: "test" });
    return readBody(response.body);
  };
  return { server, get, connects, asked, ledger, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe("names that change their answer", () => {
  test("the checked address is the one that is used: no second question", async () => {
    await using internet = await createInternet(
      () => ({ body: "public page" }),
      (_host, time) => (time === 1 ? ["93.184.216.34"] : ["127.0.0.1"]),
    );
    expect(await internet.get("http://rebinding.example/")).toBe("public page");
    expect(internet.asked.get("rebinding.example")).toBe(1);
    expect(internet.connects).toEqual([{ host: "rebinding.example", addresses: ["93.184.216.34"] }]);
  });

  test("a redirect to itself is a new question, and its answer is checked again", async () => {
    await using internet = await createInternet(
      (_host, path) => (path === "/" ? { location: "/secrets" } : { body: "inside" }),
      (_host, time) => (time === 1 ? ["93.184.216.34"] : ["169.254.169.254"]),
    );
    expect(await internet.get("http://rebinding.example/").catch(reasonOf)).toBe("link-local-address");
    expect(internet.connects).toHaveLength(1);
    expect(internet.ledger.rows.map(({ result }) => result)).toEqual(["ok", "blocked"]);
  });
});

describe("redirects from the internet to the inside", () => {
  const lookups = (host: string) => names[host] ?? ["93.184.216.34"];

  test.each([
    ...[
      "http://127.0.0.1/",
      "http://2130706433/",
      "http://[::1]/",
      "http://0x7f.1:6379/",
      "//127.0.0.1/",
      "http://localhost/",
    ],
    ...["http://loopback.example/", "http://mixed.example/", "http://[::ffff:10.0.0.1]/", "http://192.168.1.1/admin"],
    ...["http://169.254.169.254/latest/", "http://metadata.google.internal/", "http://0/", "\\\\127.0.0.1\\"],
    ...["file:///etc/passwd", "gopher://127.0.0.1/", "http://user:pass@127.0.0.1/", "http://[fe80::1%25eth0]/"],
  ])("%j", async (location) => {
    await using internet = await createInternet(() => ({ location }), lookups);
    const outcome = await internet.get("http://public.example/").then(
      () => "went out",
      (error) => error,
    );
    expect(outcome).toMatchObject({ code: "EGRESS_BLOCKED" });
    expect(internet.connects.map(({ host }) => host)).toEqual(["public.example"]);
    expect(internet.ledger.rows.map(({ result }) => result)).toEqual(["ok", "blocked"]);
  });

  test("through several public hosts", async () => {
    const chain: Record<string, string> = {
      "a.example": "http://b.example/",
      "b.example": "http://c.example/",
      "c.example": "http://loopback.example/",
    };
    await using internet = await createInternet((host) => ({ location: chain[host] ?? "/" }), lookups);
    expect(await internet.get("http://a.example/").catch(reasonOf)).toBe("private-address");
    expect(internet.connects.map(({ host }) => host)).toEqual(["a.example", "b.example", "c.example"]);
  });

  test("also to a host that the user configured: only the user goes there, not a stranger's redirect", async () => {
    await using internet = await createInternet(
      () => ({ location: "http://private.example/delete-everything" }),
      lookups,
      [{ host: "private.example" }],
    );
    expect(await internet.get("http://public.example/").catch(reasonOf)).toBe("private-address");
    expect(internet.connects).toHaveLength(1);
  });
});
