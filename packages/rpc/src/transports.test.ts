import { DesksideError } from "@deskside/base";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ContractClient, createClient } from "./client.ts";
import type { ProbeContract } from "./test/probe-contract.ts";
import { secret } from "./test/probe-server.ts";
import { type Transport, transports } from "./test/transports.ts";

describe.each(Object.entries(transports))("%s", (_name, open) => {
  let transport: Transport;
  let client: ContractClient<ProbeContract>;
  beforeEach(async () => {
    transport = await open();
    client = createClient<ProbeContract>(transport.port, { peer: "probe" });
  });
  afterEach(() => transport[Symbol.asyncDispose]());

  const gone = { code: "PEER_GONE", kind: "unavailable", data: { peer: "probe" } };
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => expect.unreachable("it did not fail"),
      (error: unknown) => error,
    );

  test("a call is answered, defaults are filled in by the server", async () => {
    expect(await client.echo({ text: "hello" })).toEqual({ text: "hello" });
  });

  test("answers find their calls when many run at once", async () => {
    const texts = Array.from({ length: 200 }, (_, i) => `call ${i}`);
    const answers = await Promise.all(texts.map((text) => client.echo({ text })));
    expect(answers.map(({ text }) => text)).toEqual(texts);
  });

  test("a typed error arrives as the same class with kind and data", async () => {
    const error = await failure(client.refuse({ chatId: "c1" }));
    expect(error).toBeInstanceOf(DesksideError);
    expect(error).toMatchObject({ code: "CHAT_NOT_FOUND", kind: "not-found", data: { chatId: "c1" } });
    expect((await client.state()).reported).toEqual([]);
  });

  test("input that breaks the schema is INVALID_INPUT and says where", async () => {
    const error = await failure(client.echo({ text: 5 as unknown as string, small: 11 }));
    expect(error).toMatchObject({ code: "INVALID_INPUT", kind: "invalid-input" });
    const { issues } = (error as DesksideError).data as { issues: { path: string; message: string }[] };
    expect(issues.map(({ path }) => path)).toEqual(["text", "small"]);
  });

  test("a procedure that does not exist is UNSUPPORTED, not silence", async () => {
    const other = client as unknown as { missing: () => Promise<void> };
    expect(await failure(other.missing())).toMatchObject({ code: "UNSUPPORTED", kind: "unsupported" });
  });

  test("a bug leaves as INTERNAL with an incident; its text stays on the serving side", async () => {
    const error = (await failure(client.crash())) as DesksideError;
    expect(error).toMatchObject({ code: "INTERNAL", kind: "internal" });
    expect(JSON.stringify([error.data, error.message, error.stack])).not.toContain("secret");
    expect((await client.state()).reported).toEqual([{ message: secret, incident: error.data["incident"] }]);
  });

  test("a stream arrives in order", async () => {
    const seen: number[] = [];
    for await (const value of await client.count()) if (seen.push(value) === 20) break;
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test("errors after a stream began keep their kind, and bugs their secrets", async () => {
    const read = async (how: "typed" | "bug") => {
      for await (const _ of await client.countAndFail({ how }));
    };
    expect(await failure(read("typed"))).toMatchObject({ code: "CHAT_NOT_FOUND", data: { chatId: "later" } });
    const bug = (await failure(read("bug"))) as DesksideError;
    expect(bug).toMatchObject({ code: "INTERNAL", kind: "internal" });
    expect(JSON.stringify([bug.data, bug.message])).not.toContain("secret");
    expect((await client.state()).reported).toEqual([{ message: secret, incident: bug.data["incident"] }]);
  });

  test("leaving the loop stops the producer", async () => {
    for await (const value of await client.count()) if (value === 3) break;
    await vi.waitFor(async () => expect((await client.state()).stopped).toBe(1), 5_000);
  });

  test("an abort rejects with its reason and stops the call on the other side", async () => {
    const controller = new AbortController();
    const call = failure(client.wait(undefined, { signal: controller.signal }));
    await client.echo({ text: "the call before this one has arrived" });
    const reason = new Error("the user pressed stop");
    controller.abort(reason);
    expect(await call).toBe(reason);
    await vi.waitFor(async () => expect((await client.state()).aborted).toBe(1), 5_000);
  });

  test("an abort before the call rejects with its reason", async () => {
    const reason = new Error("too late");
    expect(await failure(client.wait(undefined, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  test.each(["count", "stall"] as const)(
    "an abort in a running stream (%s) rejects with its reason and stops the producer",
    async (kind) => {
      const controller = new AbortController();
      const stream = await client[kind](undefined, { signal: controller.signal });
      await stream.next();
      const reason = new Error("the user pressed stop");
      const rest = failure(
        (async () => {
          for await (const _ of stream);
        })(),
      );
      controller.abort(reason);
      expect(await rest).toBe(reason);
      await vi.waitFor(async () => expect((await client.state()).stopped).toBe(1), 5_000);
    },
  );

  test("an abort between two pulls rejects the next pull with its reason", async () => {
    const controller = new AbortController();
    const stream = await client.stall(undefined, { signal: controller.signal });
    await stream.next();
    const reason = new Error("the user pressed stop");
    controller.abort(reason);
    expect(await failure(stream.next())).toBe(reason);
  });

  test("a peer that dies during a call is PEER_GONE", async () => {
    const call = failure(client.wait());
    await client.echo({ text: "the call before this one has arrived" });
    await transport.killPeer();
    expect(await call).toMatchObject(gone);
  });

  test("a peer that dies during a stream is PEER_GONE, not the end and not an abort", async () => {
    const stream = await client.stall();
    await stream.next();
    const pull = failure(stream.next());
    await transport.killPeer();
    expect(await pull).toMatchObject(gone);
  });

  test("a stream that is pulled only after the peer died is PEER_GONE, and can be left", async () => {
    const stream = await client.stall();
    await stream.next();
    await transport.killPeer();
    await vi.waitFor(async () => expect(await failure(client.state())).toMatchObject(gone), 5_000);
    expect(await failure(stream.next())).toMatchObject(gone);
    expect(await stream.return(undefined)).toEqual({ done: true, value: undefined });
  });

  test("a call after the peer died fails at once instead of never", async () => {
    await client.echo({ text: "alive" });
    await transport.killPeer();
    await vi.waitFor(async () => expect(await failure(client.echo({ text: "dead" }))).toMatchObject(gone), 5_000);
    expect(await failure(client.count())).toMatchObject(gone);
  });

  test.each([
    ["lone surrogates", "a\ud800b\udc00"],
    ["a megabyte", "漢".repeat(350_000)],
    ["controls, quotes and line separators", '\0\u2028\u2029"\\\r\n\u007f'],
    ["nothing", ""],
  ])("%s come back as they were", async (_what, text) => {
    const answer = await client.echo({ text });
    expect(answer.text === text).toBe(true);
  });
});
