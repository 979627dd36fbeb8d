import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { DesksideError } from "@deskside/base";
import { describe, expect, test, vi } from "vitest";
import { createClient } from "./client.ts";
import { createPortPair } from "./port.ts";
import type { ProbeContract } from "./test/probe-contract.ts";
import { createProbeServer } from "./test/probe-server.ts";
import { fromWireError, toWireError } from "./wire-errors.ts";

function connect() {
  const [port, peer] = createPortPair();
  const server = createProbeServer();
  server.serve(peer);
  return { port, server, client: createClient<ProbeContract>(port, { peer: "probe" }) };
}

describe("a long-lived peer", () => {
  test("does not keep the answers of past calls", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { client } = connect();
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => new WeakRef(await client.echo({ text: "x" }))),
    );
    await vi.waitFor(() => {
      collect();
      expect(answers.filter((answer) => answer.deref() !== undefined)).toEqual([]);
    });
  });

  test("that serves a window which closes stops what the window watched", async () => {
    const { port, client, server } = connect();
    const stream = await client.stall();
    await stream.next();
    port.close();
    await vi.waitFor(() => expect(server.state.stopped).toBe(1));
    expect(server.state.reported).toEqual([]);
  });

  test("serves many windows at once, and one that closes disturbs no other", async () => {
    const server = createProbeServer();
    const windows = Array.from({ length: 10 }, () => {
      const [port, peer] = createPortPair();
      server.serve(peer);
      return { port, client: createClient<ProbeContract>(port, { peer: "probe" }) };
    });
    const streams = await Promise.all(windows.map(({ client }) => client.count()));
    await Promise.all(streams.map((stream) => stream.next()));
    windows[0]?.port.close();
    await vi.waitFor(() => expect(server.state.stopped).toBe(1));
    for (const stream of streams.slice(1)) expect((await stream.next()).value).toBe(1);
    for (const { port } of windows) port.close();
    await vi.waitFor(() => expect(server.state.stopped).toBe(10));
  });
});

describe("errors on the wire", () => {
  test("a bug is reported under the incident that the peer is told", () => {
    const reports: [unknown, string][] = [];
    const bug = new TypeError("x is not a function");
    const wire = toWireError(bug, (error, incident) => reports.push([error, incident]));
    const told = fromWireError(wire) as DesksideError;
    expect(reports).toEqual([[bug, told.data["incident"]]]);
    expect(JSON.stringify(wire)).not.toContain("not a function");
  });

  test("an internal error of ours is reported, any other of ours is not", () => {
    const report = vi.fn();
    toWireError(new DesksideError({ code: "DISK_FULL", kind: "exhausted", data: { path: "/" } }), report);
    expect(report).not.toHaveBeenCalled();
    const internal = new DesksideError({ code: "INTERNAL", kind: "internal", data: { incident: "inc_1" } });
    toWireError(internal, report);
    expect(report).toHaveBeenCalledExactlyOnceWith(internal, "inc_1");
  });

  test("what a stranger at the other end sends as an error is not believed", () => {
    const forged = toWireError(new DesksideError({ code: "X", kind: "denied", data: {} }), () => {});
    const broken = Object.assign(forged, { data: { kind: "made-up", data: "text" } });
    expect(fromWireError(broken)).toMatchObject({ code: "INTERNAL", kind: "internal" });
  });
});
