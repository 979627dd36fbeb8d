import { createId, type DesksideError } from "@deskside/base";
import {
  type AlertState,
  type CataloguePage,
  type Chat,
  type Collection,
  deskError,
  type DocumentText,
  type Download,
  type EgressEntry,
  type EngineState,
  type FitReport,
  type Folder,
  type ForeignModel,
  type HubInfo,
  type HubToken,
  type IngestStatus,
  type InstalledModel,
  type KnowledgeDocument,
  type LibraryStorage,
  type MachineProfile,
  type Message,
  type MonitorSample,
  type Recommendation,
  type SearchHit,
  type SelfTestEvent,
  type SettingEntry,
  type Span,
  type SystemEvent,
  type SystemInfo,
  type Telemetry,
} from "@deskside/contract";
import { type ChangeFeed, createChangeFeed } from "./change-feed.ts";
import { sampleCatalogue, sampleHubs, sampleStorage } from "./library/sample-library.ts";
import { sampleAlerts, sampleMachine } from "./machine/sample-machine.ts";
import { sampleEngines, sampleInfo, sampleModels, sampleSettings } from "./samples.ts";

export interface Answer {
  text: string;
  reasoning?: string;
  /** The answer ends with this error after its text. */
  error?: DesksideError;
}

export interface FakeOptions {
  /** What the model says. By default it repeats the question. */
  answer?: (question: string) => Answer;
  /** Pause between two pieces of an answer, in milliseconds. Null: it moves only by `controls.step()`. */
  pieceMs?: number | null;
  chats?: readonly {
    title: string;
    turns: readonly (readonly [question: string, answer: string])[];
    updatedAt?: number;
  }[];
  models?: readonly InstalledModel[];
  engines?: readonly EngineState[];
  info?: Partial<SystemInfo>;
  egress?: readonly EgressEntry[];
  machine?: MachineProfile;
  recommendations?: readonly Recommendation[];
  /** What `hardware.fit` answers, by model id. */
  fits?: ReadonlyMap<string, FitReport>;
  /** Stored readings, oldest first. */
  samples?: readonly MonitorSample[];
  alerts?: readonly AlertState[];
  catalogue?: CataloguePage;
  downloads?: readonly Download[];
  storage?: LibraryStorage;
  hubs?: readonly HubInfo[];
  collections?: readonly Collection[];
  documents?: readonly KnowledgeDocument[];
  /** What every search in documents answers. */
  hits?: readonly SearchHit[];
  knowledge?: KnowledgeSample;
  /** Models of other programs. */
  foreignModels?: readonly ForeignModel[];
  lockedSettings?: readonly SettingEntry["key"][];
  now?: () => number;
}

/** What the viewer shows of the documents, by document or passage id, and what is told about collections. */
export interface KnowledgeSample {
  texts?: ReadonlyMap<string, DocumentText["blocks"]>;
  passages?: ReadonlyMap<string, { text: string; spans: Span[] }>;
  /** Without one a document has moved. */
  originals?: ReadonlyMap<string, Uint8Array>;
  ingest?: ReadonlyMap<string, Partial<IngestStatus>>;
  selfTest?: readonly SelfTestEvent[];
}

/** Everything the fake backend knows. Its parts work on this one object. */
export interface FakeWorld {
  readonly chats: Map<string, Chat>;
  readonly messages: Map<string, Message>;
  readonly folders: Map<string, Folder>;
  readonly drafts: Map<string, string>;
  readonly feed: ChangeFeed<SystemEvent>;
  readonly failures: Map<string, DesksideError[]>;
  readonly now: () => number;
  readonly answer: (question: string) => Answer;
  models: InstalledModel[];
  engines: EngineState[];
  settings: SettingEntry[];
  info: SystemInfo;
  egress: EgressEntry[];
  machine: MachineProfile;
  readonly recommendations: readonly Recommendation[];
  readonly fits: ReadonlyMap<string, FitReport>;
  samples: MonitorSample[];
  alerts: AlertState[];
  readonly catalogue: CataloguePage;
  readonly knowledge: {
    readonly collections: Map<string, Collection>;
    readonly documents: Map<string, KnowledgeDocument>;
    readonly hits: SearchHit[];
    readonly ingest: Map<string, Partial<IngestStatus>>;
  } & Required<Omit<KnowledgeSample, "ingest">>;
  downloads: Download[];
  storage: LibraryStorage;
  readonly hubs: readonly HubInfo[];
  hubTokens: HubToken[];
  readonly foreignModels: readonly ForeignModel[];
  telemetry: Telemetry | undefined;
}

export function createFakeWorld(options: FakeOptions): FakeWorld {
  const now = options.now ?? (() => Date.now());
  const world: FakeWorld = {
    chats: new Map(),
    messages: new Map(),
    folders: new Map(),
    drafts: new Map(),
    feed: createChangeFeed(),
    failures: new Map(),
    now,
    answer: options.answer ?? ((question) => ({ text: `You asked: ${question}` })),
    models: [...(options.models ?? sampleModels)],
    engines: [...(options.engines ?? sampleEngines)],
    settings: sampleSettings(options.lockedSettings ?? []),
    info: { ...sampleInfo, ...options.info },
    egress: [...(options.egress ?? [])],
    machine: options.machine ?? sampleMachine(),
    recommendations: options.recommendations ?? [],
    fits: options.fits ?? new Map(),
    samples: [...(options.samples ?? [])],
    alerts: [...(options.alerts ?? sampleAlerts)],
    catalogue: options.catalogue ?? sampleCatalogue(),
    knowledge: {
      collections: new Map((options.collections ?? []).map((one) => [one.id, one])),
      documents: new Map((options.documents ?? []).map((one) => [one.id, one])),
      hits: [...(options.hits ?? [])],
      texts: options.knowledge?.texts ?? new Map(),
      passages: options.knowledge?.passages ?? new Map(),
      originals: options.knowledge?.originals ?? new Map(),
      ingest: new Map(options.knowledge?.ingest),
      selfTest: options.knowledge?.selfTest ?? [
        { type: "done", questions: 20, recallAt1: 0.9, recallAt5: 1, weak: [] },
      ],
    },
    downloads: [...(options.downloads ?? [])],
    storage: options.storage ?? sampleStorage(),
    hubs: options.hubs ?? sampleHubs,
    hubTokens: [],
    foreignModels: options.foreignModels ?? [],
    telemetry: undefined,
  };
  for (const sample of options.chats ?? []) addSampleChat(world, sample);
  return world;
}

function addSampleChat(world: FakeWorld, sample: NonNullable<FakeOptions["chats"]>[number]): void {
  const at = sample.updatedAt ?? world.now();
  const chat = addChat(world, { title: sample.title, titledBy: "exchange", createdAt: at, updatedAt: at });
  for (const [question, answer] of sample.turns) {
    const user = addMessage(world, { chatId: chat.id, role: "user", text: question, createdAt: at });
    addMessage(world, {
      chatId: chat.id,
      parentId: user.id,
      role: "assistant",
      text: answer,
      finish: "end",
      createdAt: at,
    });
  }
  world.chats.set(chat.id, { ...chatOf(world, chat.id), updatedAt: at });
}

export function addChat(world: FakeWorld, fields: Partial<Chat>): Chat {
  const at = world.now();
  const chat: Chat = {
    id: createId("chat", at),
    title: "",
    titledBy: "nobody",
    modelId: null,
    leafId: null,
    running: false,
    messageCount: 0,
    createdAt: at,
    updatedAt: at,
    trashedAt: null,
    ...{ folderId: null, pinnedAt: null, archivedAt: null, tags: [], steering: null },
    ...fields,
  };
  world.chats.set(chat.id, chat);
  return chat;
}

/** Adds a message below `parentId` (by default below the shown leaf) and shows the branch that ends in it. */
export function addMessage(world: FakeWorld, fields: Partial<Message> & Pick<Message, "chatId" | "role">): Message {
  const chat = chatOf(world, fields.chatId);
  const model = world.models.find((candidate) => candidate.id === (chat.modelId ?? world.models[0]?.id));
  const message: Message = {
    id: createId("msg", world.now()),
    parentId: chat.leafId,
    text: "",
    reasoning: "",
    status: "complete",
    finish: null,
    error: null,
    model:
      fields.role === "assistant" && model
        ? { id: model.id, name: model.name, quantization: model.quantization }
        : null,
    stats: null,
    generationId: null,
    createdAt: world.now(),
    ...fields,
  };
  world.messages.set(message.id, message);
  world.chats.set(chat.id, {
    ...chat,
    leafId: message.id,
    messageCount: chat.messageCount + 1,
    updatedAt: world.now(),
  });
  return message;
}

export function chatOf(world: FakeWorld, chatId: string): Chat {
  const chat = world.chats.get(chatId);
  if (!chat) throw deskError("CHAT_NOT_FOUND", { chatId });
  return chat;
}

export function messageOf(world: FakeWorld, messageId: string): Message {
  const message = world.messages.get(messageId);
  if (!message) throw deskError("MESSAGE_NOT_FOUND", { messageId });
  return message;
}

export function changeChat(world: FakeWorld, chatId: string, patch: Partial<Chat>): Chat {
  const chat = { ...chatOf(world, chatId), ...patch };
  world.chats.set(chatId, chat);
  world.feed.emit({ type: "chats" });
  world.feed.emit({ type: "chat", chatId });
  return chat;
}
