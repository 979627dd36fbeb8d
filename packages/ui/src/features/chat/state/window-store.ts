import type { ErrorData } from "@deskside/base";
import type { PromptCount, Scope, Steering, TextRange } from "@deskside/contract";
import { createStore, type StoreApi } from "zustand/vanilla";

/** What this window holds about its chats and nobody else needs. Keys are chat ids, or `newChatDraft`. */
export interface ChatWindowState {
  /** Messages that go out when the running answer ends. */
  queued: Readonly<Record<string, string>>;
  /** Why the last message was not sent. */
  problems: Readonly<Record<string, ErrorData>>;
  /** Size of the next prompt with what is typed now; null while the model is not loaded. */
  counts: Readonly<Record<string, PromptCount | null>>;
  /** The answer whose details the inspector shows; absent = the last one. */
  selected: Readonly<Record<string, string>>;
  /** The passage whose number was clicked last, in which answer and for which of its statements. */
  cited: { readonly messageId: string; readonly source: number; readonly statement: number } | null;
  /** The passage whose page is shown beside the thread: the answer and the number of the source, the sentence in it. */
  page: { readonly messageId: string; readonly source: number; readonly range: TextRange } | null;
  /** A message that was found by searching: shown as soon as its chat is there. */
  jump: { readonly chatId: string; readonly messageId: string } | null;
  /** What the next message is looked up in; null = the model answers by itself, absent = as the last answer was. */
  scopes: Readonly<Record<string, Scope | null>>;
  /** Model for a chat that does not exist yet; null = chosen by language. */
  newChatModelId: string | null;
  /** Of a chat that does not exist yet; null = as the model comes. */
  newSteering: Steering | null;
  modelMenuOpen: boolean;
  actions: {
    /** A second message joins the first. */
    queue(chatKey: string, text: string): void;
    /** Takes the queued message away and returns it; null if there is none. */
    unqueue(chatKey: string): string | null;
    setProblem(chatKey: string, problem: ErrorData | null): void;
    setCount(chatKey: string, count: PromptCount | null): void;
    select(chatKey: string, messageId: string | null): void;
    showSource(cited: ChatWindowState["cited"]): void;
    showPage(page: ChatWindowState["page"]): void;
    jumpTo(jump: ChatWindowState["jump"]): void;
    setScope(chatKey: string, scope: Scope | null): void;
    scopeOf(chatKey: string): Scope | null;
    setNewChatModel(modelId: string | null): void;
    setNewSteering(steering: Steering | null): void;
    setModelMenuOpen(open: boolean): void;
  };
}

export type ChatWindowStore = StoreApi<ChatWindowState>;

export function createChatWindowStore(): ChatWindowStore {
  return createStore<ChatWindowState>((set, get) => ({
    queued: {},
    problems: {},
    counts: {},
    selected: {},
    cited: null,
    page: null,
    jump: null,
    scopes: {},
    newChatModelId: null,
    newSteering: null,
    modelMenuOpen: false,
    actions: {
      queue: (chatKey, text) =>
        set(({ queued }) => ({
          queued: { ...queued, [chatKey]: [queued[chatKey], text].filter(Boolean).join("\n\n") },
        })),
      unqueue(chatKey) {
        const { [chatKey]: text, ...rest } = get().queued;
        if (text === undefined) return null;
        set({ queued: rest });
        return text;
      },
      setProblem: (chatKey, problem) =>
        set(({ problems }) => {
          const { [chatKey]: _before, ...rest } = problems;
          return { problems: problem === null ? rest : { ...rest, [chatKey]: problem } };
        }),
      setCount: (chatKey, count) => set(({ counts }) => ({ counts: { ...counts, [chatKey]: count } })),
      select: (chatKey, messageId) =>
        set(({ selected }) => {
          const { [chatKey]: _before, ...rest } = selected;
          return { selected: messageId === null ? rest : { ...rest, [chatKey]: messageId } };
        }),
      showSource: (cited) => set({ cited }),
      showPage: (page) => set({ page }),
      jumpTo: (jump) => set({ jump }),
      setScope: (chatKey, scope) => set(({ scopes }) => ({ scopes: { ...scopes, [chatKey]: scope } })),
      scopeOf: (chatKey) => get().scopes[chatKey] ?? null,
      setNewChatModel: (newChatModelId) => set({ newChatModelId }),
      setNewSteering: (newSteering) => set({ newSteering }),
      setModelMenuOpen: (modelMenuOpen) => set({ modelMenuOpen }),
    },
  }));
}
