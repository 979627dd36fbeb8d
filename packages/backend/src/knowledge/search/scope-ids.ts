import { deskError, newChatDraft, type Scope } from "@deskside/contract";
import { type IndexedCollection, type Owner, placeOf } from "@deskside/knowledge";
import type { PlacedIndex } from "../places/placed-index.ts";

/** Name of the collection that holds the files of a chat; names of chats' collections may be anything. */
export async function chatCollectionOf(
  index: PlacedIndex,
  owner: Owner,
  chatId: string,
): Promise<IndexedCollection | undefined> {
  return (await index.listCollections(owner, "here")).find(({ kind, name }) => kind === "chat" && name === chatId);
}

/**
 * Collections a question is looked up in. What was attached before a chat existed goes with the chat that was made of
 * it. Throws COLLECTION_NOT_FOUND when none of those that were named is left, and what the team's server throws when
 * some are there: half of the documents would be asked, and nobody would know which.
 */
export async function scopeIds(
  index: PlacedIndex,
  owner: Owner,
  scope: Scope,
  chatId: string | null,
): Promise<string[]> {
  if (scope.kind === "chat") return chatIds(index, owner, chatId);
  const places = scope.kind === "everything" ? index.places : [...new Set(scope.ids.map(placeOf))];
  const all = (await Promise.all(places.map((place) => index.listCollections(owner, place)))).flat();
  if (scope.kind === "everything") return all.filter(({ kind }) => kind === "collection").map(({ id }) => id);
  const known = scope.ids.filter((id) => all.some((one) => one.id === id));
  if (known.length === 0) throw deskError("COLLECTION_NOT_FOUND", { collection: scope.ids.join(", ") });
  return known;
}

async function chatIds(index: PlacedIndex, owner: Owner, chatId: string | null): Promise<string[]> {
  if (chatId === null) return [];
  const own = await chatCollectionOf(index, owner, chatId);
  if (own) return [own.id];
  const attached = await chatCollectionOf(index, owner, newChatDraft);
  if (!attached) return [];
  await index.changeCollection(owner, attached.id, { name: chatId });
  return [attached.id];
}
