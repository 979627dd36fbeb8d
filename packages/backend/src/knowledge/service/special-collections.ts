import { type Collection, collectionSettingsSchema, newChatDraft } from "@deskside/contract";
import type { Principal } from "@deskside/storage";
import { listFiles } from "../files/list-files.ts";
import { chatCollectionOf } from "../search/scope-ids.ts";
import { createWithModel, describeWith, removeCollection } from "./collections.ts";
import type { Changed, KnowledgeDeps } from "./knowledge-deps.ts";

/** Collections that follow something: the files of a chat, folders of this computer. */
export function createSpecialCollections(deps: KnowledgeDeps, changed: Changed) {
  const { index, folders } = deps;
  const describe = describeWith(deps);
  const watch = async (principal: Principal, id: string, watched: Collection["watched"]): Promise<Collection> => {
    const collection = await index.changeCollection(principal, id, { watched });
    folders.follow(collection);
    changed(id);
    return describe(principal, collection);
  };
  return {
    async chatCollection(principal: Principal, chatId: string) {
      const settings = collectionSettingsSchema.parse({});
      const found =
        (await chatCollectionOf(index, principal, chatId)) ??
        (await createWithModel(deps, principal, "here", { name: chatId, kind: "chat", settings }));
      return describe(principal, found);
    },
    /** Of a chat that is deleted for good: its files are part of it. */
    async forgetChat(principal: Principal, chatId: string): Promise<void> {
      const found = await chatCollectionOf(index, principal, chatId);
      if (found) await removeCollection(deps, changed, principal, found.id);
    },
    /** Files of chats that are gone: the trash was emptied, or a process ended before it came to them. */
    async forgetGoneChats(principal: Principal, isThere: (chatId: string) => boolean): Promise<void> {
      const collections = await index.listCollections(principal, "here");
      for (const { id, kind, name } of collections)
        if (kind === "chat" && name !== newChatDraft && !isThere(name))
          await removeCollection(deps, changed, principal, id);
    },
    async watchFolder(principal: Principal, id: string, path: string) {
      await listFiles(path);
      const { watched } = await index.getCollection(principal, id);
      const others = watched.filter((one) => one.path !== path);
      return watch(principal, id, [...others, { path, state: "watching" }]);
    },
    async unwatchFolder(principal: Principal, id: string, path: string) {
      const { watched } = await index.getCollection(principal, id);
      return watch(
        principal,
        id,
        watched.filter((one) => one.path !== path),
      );
    },
  };
}
