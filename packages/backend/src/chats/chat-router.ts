import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext, BackendServices } from "../backend-services.ts";

export function createChatRouter(services: BackendServices) {
  const os = implement(contract.chat).$context<BackendContext>();
  const { workspace, events, generations } = services;
  const changed = (chatId: string) => {
    events.publish({ type: "chats" });
    events.publish({ type: "chat", chatId });
  };
  return os.router({
    list: os.list.handler(({ context }) => workspace.chats.list(context.principal)),
    listTrash: os.listTrash.handler(({ context }) => workspace.chats.listTrash(context.principal)),
    get: os.get.handler(({ context, input }) => workspace.chats.getWithMessages(context.principal, input.chatId)),
    search: os.search.handler(({ context, input }) =>
      workspace.chats.search(context.principal, input.query, input.limit),
    ),
    rename: os.rename.handler(({ context, input }) => {
      const chat = workspace.chats.rename(context.principal, input.chatId, input.title);
      changed(chat.id);
      return chat;
    }),
    setModel: os.setModel.handler(({ context, input }) => {
      const chat = workspace.chats.setModel(context.principal, input.chatId, input.modelId);
      changed(chat.id);
      return chat;
    }),
    selectBranch: os.selectBranch.handler(({ context, input }) => {
      const leaf = workspace.messages.newestLeafBelow(context.principal, input.messageId);
      const chat = workspace.chats.setLeaf(context.principal, input.chatId, leaf.id);
      changed(chat.id);
      return chat;
    }),
    trash: os.trash.handler(async ({ context, input }) => {
      await generations.cancelChat(context.principal, input.chatId);
      workspace.chats.trash(context.principal, input.chatId);
      changed(input.chatId);
    }),
    restore: os.restore.handler(({ context, input }) => {
      const chat = workspace.chats.restore(context.principal, input.chatId);
      changed(chat.id);
      return chat;
    }),
    deleteForever: os.deleteForever.handler(async ({ context, input }) => {
      await generations.cancelChat(context.principal, input.chatId);
      workspace.chats.deleteForever(context.principal, input.chatId);
      changed(input.chatId);
    }),
    getDraft: os.getDraft.handler(({ context, input }) => workspace.drafts.get(context.principal, input.key)),
    saveDraft: os.saveDraft.handler(({ context, input }) =>
      workspace.drafts.save(context.principal, input.key, input.text),
    ),
  });
}
