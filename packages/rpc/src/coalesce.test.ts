import { describe, expect, test } from "vitest";
import { createMailbox } from "./coalesce.ts";

const join = (a: string, b: string) => (a === "|" || b === "|" ? null : a + b);

async function readAll<T>(mailbox: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of mailbox) values.push(value);
  return values;
}

describe("a mailbox", () => {
  test("delivers in order, what came before the reader and what comes after", async () => {
    const mailbox = createMailbox<number>({ limit: 10 });
    mailbox.push(1);
    mailbox.push(2);
    const reading = readAll(mailbox);
    await Promise.resolve();
    mailbox.push(3);
    mailbox.end(4);
    expect(await reading).toEqual([1, 2, 3, 4]);
  });

  test("merges neighbours only, so that what may not be joined keeps its place", async () => {
    const mailbox = createMailbox<string>({ limit: 10, merge: join });
    for (const value of ["a", "b", "|", "c", "d"]) mailbox.push(value);
    mailbox.end();
    expect(await readAll(mailbox)).toEqual(["ab", "|", "cd"]);
  });

  test("hands a value to a waiting reader at once instead of holding it back to merge", async () => {
    const mailbox = createMailbox<string>({ limit: 10, merge: join });
    const first = mailbox.next();
    mailbox.push("a");
    mailbox.push("b");
    expect(await first).toEqual({ done: false, value: "a" });
    expect(await mailbox.next()).toEqual({ done: false, value: "b" });
  });

  test("says so when it is full and keeps what it had; `replace` puts a snapshot in its place", async () => {
    const mailbox = createMailbox<number>({ limit: 2 });
    expect([mailbox.push(1), mailbox.push(2), mailbox.push(3)]).toEqual([true, true, false]);
    expect(mailbox.size).toBe(2);
    mailbox.replace(99);
    expect(mailbox.push(4)).toBe(true);
    mailbox.end();
    expect(await readAll(mailbox)).toEqual([99, 4]);
  });

  test("never holds more than its limit, however slow the reader is", () => {
    const mailbox = createMailbox<number>({ limit: 5, resync: () => -1 });
    for (let i = 0; i < 100_000; i++) {
      mailbox.push(i);
      if (mailbox.size > 5) expect.unreachable();
    }
    expect(mailbox.size).toBe(1);
  });

  test("a slow reader gets one snapshot made when it reads, then only what came after that", async () => {
    let total = 0;
    const mailbox = createMailbox<string>({ limit: 3, resync: () => `snapshot ${total}` });
    for (; total < 10; total++) mailbox.push(`delta ${total}`);
    expect(await mailbox.next()).toEqual({ done: false, value: "snapshot 10" });
    mailbox.push("delta 10");
    mailbox.end("done");
    expect(await readAll(mailbox)).toEqual(["delta 10", "done"]);
  });

  test("delivers the last event even when it is full or stale: a watcher that never ends would hang", async () => {
    const full = createMailbox<string>({ limit: 1 });
    full.push("a");
    full.end("done");
    expect(await readAll(full)).toEqual(["a", "done"]);
    const stale = createMailbox<string>({ limit: 1, resync: () => "snapshot" });
    for (const value of ["a", "b", "c"]) stale.push(value);
    stale.end("done");
    expect(await readAll(stale)).toEqual(["snapshot", "done"]);
  });

  test("ends once: later pushes, ends and failures change nothing", async () => {
    const mailbox = createMailbox<number>({ limit: 3 });
    mailbox.end(1);
    mailbox.end(2);
    mailbox.fail(new Error("late"));
    mailbox.replace(3);
    expect(mailbox.push(4)).toBe(false);
    expect(await readAll(mailbox)).toEqual([1]);
  });

  test("throws a failure once, after the backlog, and is over then", async () => {
    const mailbox = createMailbox<number>({ limit: 3 });
    const error = new Error("broken");
    mailbox.push(1);
    mailbox.fail(error);
    expect(await mailbox.next()).toEqual({ done: false, value: 1 });
    await expect(mailbox.next()).rejects.toBe(error);
    expect(await mailbox.next()).toEqual({ done: true, value: undefined });
  });

  test("wakes a reader that waits when it fails or ends", async () => {
    const failing = createMailbox<number>({ limit: 1 });
    const failed = expect(failing.next()).rejects.toThrow("broken");
    failing.fail(new Error("broken"));
    await failed;
    const ending = createMailbox<number>({ limit: 1 });
    const ended = ending.next();
    ending.end();
    expect(await ended).toEqual({ done: true, value: undefined });
  });

  test("a reader that leaves ends a pull that waits, or its caller would hang", async () => {
    const mailbox = createMailbox<number>({ limit: 1 });
    const pull = mailbox.next();
    await mailbox.return();
    expect(await pull).toEqual({ done: true, value: undefined });
    expect([mailbox.closed, mailbox.push(1)]).toEqual([true, false]);
  });

  test("leaving a loop closes it, so that the producer can forget it", async () => {
    const mailbox = createMailbox<number>({ limit: 3 });
    mailbox.push(1);
    for await (const _ of mailbox) break;
    expect(mailbox.closed).toBe(true);
  });

  test("an abort rejects a waiting reader with its reason, before and after the first pull", async () => {
    const reason = new Error("stop");
    const controller = new AbortController();
    const mailbox = createMailbox<number>({ limit: 3, signal: controller.signal });
    const pull = expect(mailbox.next()).rejects.toBe(reason);
    controller.abort(reason);
    await pull;
    const late = createMailbox<number>({ limit: 3, signal: AbortSignal.abort(reason) });
    expect(late.push(1)).toBe(false);
    await expect(late.next()).rejects.toBe(reason);
  });

  test("two pulls at once are a mistake of the caller and must not lose a value", async () => {
    const mailbox = createMailbox<number>({ limit: 3 });
    const first = mailbox.next();
    await expect(mailbox.next()).rejects.toThrow("one reader");
    mailbox.push(1);
    expect(await first).toEqual({ done: false, value: 1 });
  });

  test("a limit without room is refused", () => {
    expect(() => createMailbox({ limit: 0 })).toThrow(RangeError);
    expect(() => createMailbox({ limit: Number.NaN })).toThrow(RangeError);
  });
});
