import { deskError, newChatDraft, type Scope } from "@deskside/contract";
import type { IndexedCollection, Owner, PassageIndex } from "@deskside/knowledge";

/** Name of the collection that holds the files of a chat; names of chats' collections may be anything. */
export async function chatCollectionOf(
  index: PassageIndex,
  owner: Owner,
  chatId: string,
): Promise<IndexedCollection | undefined> {
  return (await index.listCollections(owner)).find(({ kind, name }) => kind === "chat" && name === chatId);
}

/**
 * Collections a question is looked up in. What was attached before a chat existed goes with the chat that was made of
 * it. Throws COLLECTION_NOT_FOUND when none of those that were named is left.
 */
export async function scopeIds(
  index: PassageIndex,
  owner: Owner,
  scope: Scope,
  chatId: string | null,
): Promise<string[]> {
  const all = await index.listCollections(owner);
  if (scope.kind === "everything") return all.filter(({ kind }) => kind === "collection").map(({ id }) => id);
  if (scope.kind === "collections") {
    const known = scope.ids.filter((id) => all.some((one) => one.id === id));
    if (known.length === 0) throw deskError("COLLECTION_NOT_FOUND", { collection: scope.ids.join(", ") });
    return known;
  }
  if (chatId === null) return [];
  const own = all.find(({ kind, name }) => kind === "chat" && name === chatId);
  if (own) return [own.id];
  const attached = all.find(({ kind, name }) => kind === "chat" && name === newChatDraft);
  if (!attached) return [];
  await index.changeCollection(owner, attached.id, { name: chatId });
  return [attached.id];
}
