import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isDesksideError } from "@deskside/base";
import { createHuggingFaceHub } from "@deskside/model-library";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEgress } from "../../egress/egress.ts";
import { createPurposePolicy, type HostRule } from "../../egress/egress-policy.ts";
import { createMemoryLedger } from "../../egress/testing/memory-ledger.ts";
import { createHubDoor } from "./hub-door.ts";
import { createLibraryHttp } from "./library-http.ts";

let server: Server;
let other: Server;
let port: number;
let otherPort: number;
/** Where `/go` leads. */
let target = "";
let reached: string[] = [];

async function listen(): Promise<[Server, number]> {
  const made = createServer((request, response) => {
    reached.push(`${(made.address() as AddressInfo).port === port ? "hub" : "other"} ${request.url ?? ""}`);
    if (request.url?.startsWith("/go")) return void response.writeHead(302, { location: target }).end();
    response.end("file");
  });
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  return [made, (made.address() as AddressInfo).port];
}

beforeEach(async () => {
  [server, port] = await listen();
  [other, otherPort] = await listen();
  reached = [];
});
afterEach(() => {
  server.close();
  other.close();
});

const names: Record<string, string[]> = {
  localhost: ["127.0.0.1"],
  "huggingface.co": ["127.0.0.1"],
  "metadata.example": ["169.254.169.254"],
};

function makeWay() {
  const door = createHubDoor();
  const ledger = createMemoryLedger();
  const egress = createEgress({
    ...{ ledger, policy: door.guard(createPurposePolicy()) },
    onRecordError: (error) => {
      throw error;
    },
    resolve: async (host) => names[host] ?? Promise.reject(Object.assign(new Error(host), { code: "ENOTFOUND" })),
  });
  const http = createLibraryHttp(egress);
  const get = async (url: string) => {
    using response = await http.request({ url, purpose: "model-download", maxResponseBytes: 1_000 });
    return response.status;
  };
  return { door, http, ledger, get };
}

async function reasonOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    return isDesksideError(error, "EGRESS_BLOCKED") ? error.data["reason"] : error;
  }
}

describe("the way out of the library", () => {
  test("is shut unless something runs, and shut again afterwards", async () => {
    const { door, get, ledger } = makeWay();
    const url = `http://127.0.0.1:${port}/file`;
    expect(await reasonOf(get(url))).toBe("policy");
    {
      using _open = door.open([`http://127.0.0.1:${port}`]);
      expect(await get(url)).toBe(200);
      expect(await reasonOf(get(`http://127.0.0.1:${otherPort}/file`))).toBe("policy");
    }
    expect(await reasonOf(get(url))).toBe("policy");
    expect(reached).toEqual(["hub /file"]);
    expect(ledger.rows).toHaveLength(4);
  });

  test.each([
    ["another address of this computer", () => `http://127.0.0.2:${otherPort}/secret`, "private-address"],
    ["this computer by its name", () => `http://localhost:${otherPort}/secret`, "private-address"],
    ["the metadata service", () => "http://169.254.169.254/latest/meta-data/", "link-local-address"],
    ["a name of the metadata service", () => "http://metadata.example/", "link-local-address"],
    ["a private network", () => "http://10.0.0.1/", "private-address"],
  ])("a hub at a private address may not send on to %s", async (_name, to, reason) => {
    const { door, get } = makeWay();
    using _open = door.open([`http://127.0.0.1:${port}`]);
    target = to();
    expect(await reasonOf(get(`http://127.0.0.1:${port}/go`))).toBe(reason);
    expect(reached).toEqual(["hub /go"]);
  });

  test("but to the hosts listed for it, and to every port of its own host", async () => {
    const { door, get } = makeWay();
    const listed: HostRule[] = [{ host: "127.0.0.2", port: otherPort }];
    using _open = door.open([`http://127.0.0.1:${port}`], listed);
    target = `http://127.0.0.1:${otherPort}/file`;
    expect(await get(`http://127.0.0.1:${port}/go`)).toBe(200);
    target = `http://127.0.0.1:${port}/file`;
    expect(await get(`http://127.0.0.1:${port}/go`)).toBe(200);
    target = `http://127.0.0.2:${port}/file`;
    expect(await reasonOf(get(`http://127.0.0.1:${port}/go`))).toBe("private-address");
    // Nobody begins there, and not where the hub itself is of the internet.
    expect(await reasonOf(get(`http://127.0.0.1:${otherPort}/file`))).toBe("policy");
  });

  test("a link-local hub is refused although it was configured", async () => {
    const { door, get } = makeWay();
    using _open = door.open(["http://169.254.169.254", "http://metadata.example"]);
    expect(await reasonOf(get("http://169.254.169.254/"))).toBe("link-local-address");
    expect(await reasonOf(get("http://metadata.example/"))).toBe("link-local-address");
  });

  test("a public hub whose name leads to a private address is refused", async () => {
    const { door, get } = makeWay();
    using _open = door.open([`http://huggingface.co:${port}`]);
    expect(await reasonOf(get(`http://huggingface.co:${port}/file`))).toBe("private-address");
    expect(reached).toEqual([]);
  });

  test("a redirect loop ends", async () => {
    const { door, get } = makeWay();
    using _open = door.open([`http://127.0.0.1:${port}`]);
    target = `http://127.0.0.1:${port}/go`;
    expect(await reasonOf(get(`http://127.0.0.1:${port}/go`))).toBe("too-many-redirects");
    expect(reached).toHaveLength(6);
  });

  test("an answer of a hub that is no JSON is named", async () => {
    const { door, http } = makeWay();
    using _open = door.open([`http://127.0.0.1:${port}`]);
    const hub = createHuggingFaceHub({ http, baseUrl: `http://127.0.0.1:${port}` });
    await expect(hub.describe("owner/name", {})).rejects.toMatchObject({ code: "HUB_ANSWER_INVALID" });
  });

  test("other purposes go by the policy behind it", async () => {
    const { door } = makeWay();
    const guarded = door.guard(createPurposePolicy({ rules: [{ purpose: "update", hosts: "any" }] }));
    using _open = door.open(["https://hub.example"]);
    const attempt = { host: "hub.example", port: 443, caller: "library" };
    expect(guarded.decide({ ...attempt, purpose: "update" })).toBe("allow");
    expect(guarded.decide({ ...attempt, purpose: "telemetry" })).not.toBe("allow");
    expect(guarded.decide({ ...attempt, purpose: "hub", caller: "other" })).not.toBe("allow");
    expect(guarded.decide({ ...attempt, purpose: "hub" })).toBe("allow");
  });
});
