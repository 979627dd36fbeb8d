import { createId, type DesksideError } from "@deskside/base";
import {
  type Contract,
  deskError,
  type GenerationEvent,
  type GenerationStart,
  maxMessageBytes,
  type Message,
  type MessageStats,
} from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { asClientStream, type ChangeFeed, createChangeFeed } from "./change-feed.ts";
import { addChat, addMessage, changeChat, chatOf, type FakeWorld, messageOf } from "./fake-world.ts";

type GenerationClient = ContractClient<Contract>["generation"];
type GenerationStream = Awaited<ReturnType<GenerationClient["watch"]>>;

interface Run {
  readonly id: string;
  readonly chatId: string;
  readonly feed: ChangeFeed<GenerationEvent>;
  /** Pieces of reasoning and of the answer that are still to come. */
  readonly pieces: { reasoning: boolean; text: string }[];
  readonly error: DesksideError | undefined;
  messageId: string;
  seq: number;
  terminal: GenerationEvent | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export interface FakeGeneration {
  client: GenerationClient;
  /** Moves every running answer by one piece. */
  step(): void;
  /** Writes every running answer to its end. */
  finishAll(): void;
  /** Breaks every running answer off with this error. */
  failAll(error: DesksideError): void;
}

export function createFakeGeneration(world: FakeWorld, options: { pieceMs: number | null }): FakeGeneration {
  const runs = new Map<string, Run>();
  const running = () => [...runs.values()].filter((run) => run.terminal === undefined);
  const advance = (run: Run) => stepRun(world, run);
  const plan = (run: Run) => {
    if (options.pieceMs === null || run.terminal) return;
    run.timer = setTimeout(() => {
      advance(run);
      plan(run);
    }, options.pieceMs);
  };
  const find = (generationId: string) => {
    const run = runs.get(generationId);
    if (!run) throw deskError("GENERATION_NOT_FOUND", { generationId });
    return run;
  };
  const client: GenerationClient = {
    start: async (input) => {
      const run = startRun(world, input as GenerationStart, running());
      runs.set(run.id, run);
      plan(run);
      const parent = messageOf(world, run.messageId).parentId;
      return {
        generationId: run.id,
        chatId: run.chatId,
        messageId: run.messageId,
        userMessageId: input.kind === "send" || input.kind === "edit" ? parent : null,
      };
    },
    watch: async ({ generationId }, call) =>
      asClientStream<GenerationStream>(watchRun(world, find(generationId), call?.signal)),
    cancel: async ({ generationId }) => {
      const run = find(generationId);
      if (run.terminal) return;
      endRun(world, run, "cancelled", { status: "stopped", finish: "user" });
    },
    count: async ({ chatId, text, modelId }) => {
      const model = world.models.find((candidate) => candidate.id === (modelId ?? world.models[0]?.id));
      if (!model) return null;
      const before = chatId === null ? 0 : [...world.messages.values()].filter((m) => m.chatId === chatId);
      const used = before === 0 ? 0 : before.reduce((sum, message) => sum + tokensOf(message.text), 0);
      return { modelId: model.id, used: used + tokensOf(text), contextSize: model.contextSize, room: 512 };
    },
  };
  return {
    client,
    step: () => running().forEach(advance),
    finishAll() {
      for (const run of running()) while (!run.terminal) advance(run);
    },
    failAll(error) {
      for (const run of running())
        endRun(world, run, "failed", { status: "failed", finish: "error", error: error.toData() });
    },
  };
}

/** The fake's own measure: four characters make a token. */
function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}

function startRun(world: FakeWorld, input: GenerationStart, running: readonly Run[]): Run {
  const busy = running.find((run) => run.chatId === input.chatId);
  if (busy) throw deskError("GENERATION_RUNNING", { chatId: busy.chatId, generationId: busy.id });
  const target =
    input.kind === "send"
      ? sendTurn(world, input)
      : input.kind === "edit"
        ? editTurn(world, input)
        : repeatTurn(world, input);
  const question = questionAbove(world, target);
  const answer = world.answer(question);
  const skip = input.kind === "continue" ? target.text.length : 0;
  const run: Run = {
    id: createId("gen", world.now()),
    chatId: target.chatId,
    feed: createChangeFeed(),
    pieces: [...piecesOf(skip > 0 ? "" : (answer.reasoning ?? ""), true), ...piecesOf(answer.text.slice(skip), false)],
    error: answer.error,
    messageId: target.id,
    seq: 0,
    terminal: undefined,
    timer: undefined,
  };
  world.messages.set(target.id, { ...target, status: "running", finish: null, error: null, generationId: run.id });
  changeChat(world, target.chatId, { running: true });
  return run;
}

function sendTurn(world: FakeWorld, input: Extract<GenerationStart, { kind: "send" }>): Message {
  if (input.text.trim() === "") throw deskError("MESSAGE_EMPTY", {});
  const bytes = new TextEncoder().encode(input.text).length;
  if (bytes > maxMessageBytes) throw deskError("MESSAGE_TOO_LARGE", { bytes, limit: maxMessageBytes });
  const chatId = input.chatId ?? addChat(world, { modelId: input.modelId ?? null }).id;
  const parent = input.parentId ? { parentId: input.parentId } : {};
  const user = addMessage(world, { chatId, role: "user", text: input.text, ...parent });
  return addMessage(world, { chatId, role: "assistant", parentId: user.id });
}

function editTurn(world: FakeWorld, input: Extract<GenerationStart, { kind: "edit" }>): Message {
  const { chatId, parentId } = messageOf(world, input.messageId);
  const user = addMessage(world, { chatId, role: "user", text: input.text, parentId });
  return addMessage(world, { chatId, role: "assistant", parentId: user.id });
}

function repeatTurn(world: FakeWorld, input: Extract<GenerationStart, { kind: "regenerate" | "continue" }>): Message {
  const message = messageOf(world, input.messageId);
  if (input.kind === "regenerate") {
    return addMessage(world, { chatId: message.chatId, role: "assistant", parentId: message.parentId });
  }
  const unfinished = message.status === "stopped" || message.status === "failed";
  if (!unfinished || chatOf(world, message.chatId).leafId !== message.id) {
    throw deskError("NOT_CONTINUABLE", { messageId: message.id });
  }
  return message;
}

function questionAbove(world: FakeWorld, message: Message): string {
  return message.parentId === null ? "" : messageOf(world, message.parentId).text;
}

function piecesOf(text: string, reasoning: boolean): Run["pieces"] {
  return (text.match(/[\p{Script=Han}，。？！、：；]|[^\p{Script=Han}，。？！、：；\s]*\s*/gu) ?? [])
    .filter((piece) => piece !== "")
    .map((piece) => ({ reasoning, text: piece }));
}

function stepRun(world: FakeWorld, run: Run): void {
  if (run.terminal) return;
  const piece = run.pieces.shift();
  if (!piece) {
    if (run.error) endRun(world, run, "failed", { status: "failed", finish: "error", error: run.error.toData() });
    else endRun(world, run, "done", { status: "complete", finish: "end" });
    return;
  }
  const message = messageOf(world, run.messageId);
  const next = {
    ...message,
    text: message.text + (piece.reasoning ? "" : piece.text),
    reasoning: message.reasoning + (piece.reasoning ? piece.text : ""),
  };
  world.messages.set(run.messageId, next);
  run.seq++;
  run.feed.emit({
    type: "delta",
    seq: run.seq,
    phase: piece.reasoning ? "reasoning" : "answering",
    text: piece.reasoning ? "" : piece.text,
    reasoning: piece.reasoning ? piece.text : "",
    progress: null,
    stats: statsOf(next),
  });
}

function endRun(world: FakeWorld, run: Run, type: "done" | "cancelled" | "failed", patch: Partial<Message>): void {
  clearTimeout(run.timer);
  const before = messageOf(world, run.messageId);
  const message: Message = { ...before, ...patch, generationId: null, stats: statsOf(before) };
  world.messages.set(run.messageId, message);
  const terminal: GenerationEvent = { type, message };
  run.terminal = terminal;
  run.feed.emit(terminal);
  const chat = chatOf(world, run.chatId);
  const title = questionAbove(world, message).slice(0, 60);
  changeChat(world, run.chatId, {
    running: false,
    ...(chat.titledBy === "nobody" && { title, titledBy: "exchange" as const }),
  });
}

async function* watchRun(world: FakeWorld, run: Run, signal: AbortSignal | undefined): AsyncGenerator<GenerationEvent> {
  if (run.terminal) {
    yield run.terminal;
    return;
  }
  const message = messageOf(world, run.messageId);
  const snapshot: GenerationEvent = {
    type: "snapshot",
    seq: run.seq,
    phase: run.pieces[0]?.reasoning ? "reasoning" : "answering",
    message,
    progress: null,
    stats: statsOf(message),
  };
  for await (const event of run.feed.read([snapshot], signal)) {
    yield event;
    if (event.type === "done" || event.type === "cancelled" || event.type === "failed") return;
  }
}

function statsOf(message: Message): MessageStats {
  return {
    promptTokens: 40,
    cachedTokens: 0,
    outputTokens: tokensOf(message.text) + tokensOf(message.reasoning),
    reasoningTokens: tokensOf(message.reasoning),
    tokensPerSecond: message.text === "" ? null : 38.2,
    firstTokenMs: message.text === "" && message.reasoning === "" ? null : 420,
    reasoningMs: message.reasoning === "" ? null : 8400,
    totalMs: 2000,
  };
}
