import { foldCase } from "@deskside/contract";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import type { Store } from "../workspace/store.ts";

export interface MessageMatch {
  readonly chatId: string;
  readonly messageId: string;
}

/**
 * All messages of whoever searches, in memory and in lower case. Looking through them finds any part of any word in any
 * script, which an index on disk finds only in part, and nothing of a deleted chat stays behind in pages of an index:
 * 100,000 messages are looked through in about 20 ms and take about 100 MB while they are used.
 */
export interface MessageTexts {
  /** Reads what changed since the last time, in portions; other work goes on between them. */
  refresh(principal: Principal): Promise<void>;
  /** The newest message of each chat that contains every term, newest first; `chats` null = in any chat. */
  find(principal: Principal, terms: readonly string[], chats: ReadonlySet<string> | null): MessageMatch[];
  /** Forgets the texts of a chat that is gone. */
  forget(principal: Principal, chatId: string): void;
}

interface OwnTexts {
  readonly ids: string[];
  readonly chatIds: string[];
  readonly texts: string[];
  /** Place of a message in the lists, by its row. */
  readonly places: Map<number, number>;
  /** Up to which change they were read. */
  revision: number;
  seq: number;
  usedAt: number;
  reading: Promise<void> | null;
}

const rowSchema = z.object({
  seq: z.number(),
  id: z.string(),
  chat_id: z.string(),
  text: z.string(),
  revision: z.number(),
});

const portion = 1000;
/** Texts that nobody searched for this long give their memory back. */
const keepMs = 10 * 60_000;

const changedSql = `
  SELECT seq, id, chat_id, text, revision FROM messages
  WHERE owner_id = @ownerId AND (revision > @revision OR (revision = @revision AND seq > @seq))
  ORDER BY revision, seq LIMIT ${portion}`;

export function createMessageTexts(store: Store): MessageTexts {
  const owners = new Map<string, OwnTexts>();
  const textsOf = (ownerId: string): OwnTexts => {
    const known = owners.get(ownerId);
    if (known) return known;
    const made: OwnTexts = {
      ...{ ids: [], chatIds: [], texts: [], places: new Map() },
      ...{ revision: -1, seq: -1, usedAt: Date.now(), reading: null },
    };
    owners.set(ownerId, made);
    return made;
  };
  return {
    async refresh({ ownerId }) {
      dropUnused(owners);
      const own = textsOf(ownerId);
      own.usedAt = Date.now();
      // Two searches at once wait for the same reading.
      own.reading ??= read(store, ownerId, own).finally(() => {
        own.reading = null;
      });
      await own.reading;
    },
    find: ({ ownerId }, terms, chats) => find(textsOf(ownerId), terms, chats),
    forget: ({ ownerId }, chatId) => {
      const own = owners.get(ownerId);
      for (const [place, id] of own?.chatIds.entries() ?? []) if (id === chatId && own) own.texts[place] = "";
    },
  };
}

async function read(store: Store, ownerId: string, own: OwnTexts): Promise<void> {
  for (;;) {
    const rows = store
      .all(changedSql, { ownerId, revision: own.revision, seq: own.seq })
      .map((row) => rowSchema.parse(row));
    for (const row of rows) put(own, row);
    if (rows.length < portion) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function put(own: OwnTexts, row: z.infer<typeof rowSchema>): void {
  const place = own.places.get(row.seq) ?? own.ids.length;
  own.places.set(row.seq, place);
  own.ids[place] = row.id;
  own.chatIds[place] = row.chat_id;
  own.texts[place] = foldCase(row.text);
  own.revision = row.revision;
  own.seq = row.seq;
}

function find(own: OwnTexts, terms: readonly string[], chats: ReadonlySet<string> | null): MessageMatch[] {
  const found = new Map<string, MessageMatch>();
  for (let place = own.ids.length - 1; place >= 0; place--) {
    const chatId = own.chatIds[place] ?? "";
    if (found.has(chatId) || (chats !== null && !chats.has(chatId))) continue;
    const text = own.texts[place] ?? "";
    if (terms.every((term) => text.includes(term))) found.set(chatId, { chatId, messageId: own.ids[place] ?? "" });
  }
  return [...found.values()];
}

function dropUnused(owners: Map<string, OwnTexts>): void {
  for (const [ownerId, { usedAt, reading }] of owners)
    if (reading === null && Date.now() - usedAt > keepMs) owners.delete(ownerId);
}
