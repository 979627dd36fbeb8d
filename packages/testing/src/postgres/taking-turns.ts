import { connect, type Socket } from "node:net";

/** One connection after the other: whoever has the turn keeps it until its transaction ends. */
export interface Turns {
  take(): Promise<() => void>;
}

export function createTurns(): Turns {
  let last = Promise.resolve();
  return {
    async take() {
      const before = last;
      const mine = Promise.withResolvers<void>();
      last = mine.promise;
      await before;
      return mine.resolve;
    },
  };
}

/** After these the client waits for an answer: Sync and Query. */
const asksFor = new Set(["S", "Q"]);
const readyForQuery = "Z";

/**
 * Passes one connection on to a server that has a single session for all: messages that belong together reach it
 * together, and nobody else's come in between. (PostgreSQL's protocol, version 3.)
 */
export function passOn(outside: Socket, behind: number, turns: Turns): Socket {
  const inside = connect(behind, "127.0.0.1");
  let release: (() => void) | null = null;
  let asked = 0;
  let sending = Promise.resolve();
  const end = () => {
    release?.();
    release = null;
  };
  const send = (bytes: Buffer, awaitsAnswer: boolean) => {
    sending = sending.then(async () => {
      if (awaitsAnswer) {
        release ??= await turns.take();
        asked += 1;
      }
      if (inside.destroyed) end();
      else inside.write(bytes);
    });
  };
  const request = createFrames(false);
  let waiting: Buffer[] = [];
  outside.on("data", (bytes: Buffer) => {
    for (const { type, whole } of request(bytes)) {
      waiting.push(whole);
      const isStart = type === null;
      if (!isStart && !asksFor.has(type) && type !== "X") continue;
      send(Buffer.concat(waiting), isStart ? asked === 0 : type !== "X");
      waiting = [];
    }
  });
  const answer = createFrames(true);
  inside.on("data", (bytes: Buffer) => {
    outside.write(bytes);
    for (const { type, whole } of answer(bytes)) {
      if (type !== readyForQuery) continue;
      asked -= 1;
      if (asked <= 0 && String.fromCharCode(whole.at(-1) ?? 0) === "I") end();
    }
  });
  for (const [one, other] of [
    [outside, inside],
    [inside, outside],
  ] as const) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
  inside.on("close", end);
  return inside;
}

interface Frame {
  /** Null: one of the first messages, which have no type. */
  readonly type: string | null;
  readonly whole: Buffer;
}

const typeAndLength = 5;
const startupVersion = 196_608;
const refusalOfEncryption = "N";

/** Cuts a stream into messages; what is not whole yet waits for more. */
function createFrames(ofServer: boolean): (bytes: Buffer) => Frame[] {
  let rest = Buffer.alloc(0);
  let isStarting = true;
  const next = (): Frame | null => {
    // A question whether encryption is there is answered with one letter, before anything else.
    if (ofServer && isStarting && rest.length > 0 && String.fromCharCode(rest[0] ?? 0) === refusalOfEncryption)
      return take(null, 1);
    const hasType = ofServer || !isStarting;
    const head = hasType ? typeAndLength : typeAndLength - 1;
    if (rest.length < head) return null;
    const length = rest.readInt32BE(hasType ? 1 : 0) + (hasType ? 1 : 0);
    if (rest.length < length) return null;
    if (ofServer) isStarting = false;
    else if (isStarting && rest.readInt32BE(4) === startupVersion) isStarting = false;
    return take(hasType ? String.fromCharCode(rest[0] ?? 0) : null, length);
  };
  const take = (type: string | null, length: number): Frame => {
    const whole = rest.subarray(0, length);
    rest = rest.subarray(length);
    return { type, whole };
  };
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const frames: Frame[] = [];
    for (let frame = next(); frame; frame = next()) frames.push(frame);
    return frames;
  };
}
