import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext, BackendServices } from "../backend-services.ts";

/** Chats that windows are told of one by one after a change of many; the list is told of in any case. */
const announced = 100;

export function createChatRouter(services: BackendServices) {
  const os = implement(contract.chat).$context<BackendContext>();
  const { workspace, events, generations, knowledge } = services;
  const changed = (chatId: string) => {
    events.publish({ type: "chats" });
    events.publish({ type: "chat", chatId });
  };
  return os.router({
    list: os.list.handler(({ context }) => workspace.chats.list(context.principal)),
    listTrash: os.listTrash.handler(({ context }) => workspace.chats.listTrash(context.principal)),
    get: os.get.handler(({ context, input }) => workspace.chats.getWithMessages(context.principal, input.chatId)),
    search: os.search.handler(({ context, input }) => workspace.chats.search(context.principal, input)),
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
    steer: os.steer.handler(({ context, input }) => {
      const chat = workspace.chats.setSteering(context.principal, input.chatId, input.steering);
      changed(chat.id);
      return chat;
    }),
    selectBranch: os.selectBranch.handler(({ context, input }) => {
      const leaf = workspace.messages.newestLeafBelow(context.principal, input.messageId);
      const chat = workspace.chats.setLeaf(context.principal, input.chatId, leaf.id);
      changed(chat.id);
      return chat;
    }),
    ...organisingHandlers(services, changed),
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
      await knowledge.service.forgetChat(context.principal, input.chatId);
      changed(input.chatId);
    }),
    getDraft: os.getDraft.handler(({ context, input }) => workspace.drafts.get(context.principal, input.key)),
    saveDraft: os.saveDraft.handler(({ context, input }) =>
      workspace.drafts.save(context.principal, input.key, input.text),
    ),
  });
}

/** Folders, pins, tags; forks and edited answers. */
function organisingHandlers({ workspace, events }: BackendServices, changed: (chatId: string) => void) {
  const os = implement(contract.chat).$context<BackendContext>();
  const listChanged = () => events.publish({ type: "chats" });
  return {
    organise: os.organise.handler(({ context, input }) => {
      workspace.chats.organise(context.principal, input.chatIds, input.changes);
      listChanged();
      for (const chatId of input.chatIds.slice(0, announced)) events.publish({ type: "chat", chatId });
    }),
    fork: os.fork.handler(({ context, input }) => {
      const chat = workspace.chats.fork(context.principal, input.messageId, input.title);
      changed(chat.id);
      return chat;
    }),
    editAnswer: os.editAnswer.handler(({ context, input }) => {
      const message = workspace.messages.insertEdited(context.principal, input);
      changed(message.chatId);
      return message;
    }),
    folders: {
      list: os.folders.list.handler(({ context }) => workspace.folders.list(context.principal)),
      create: os.folders.create.handler(({ context, input }) => {
        const folder = workspace.folders.create(context.principal, input.name);
        listChanged();
        return folder;
      }),
      rename: os.folders.rename.handler(({ context, input }) => {
        const folder = workspace.folders.rename(context.principal, input.folderId, input.name);
        listChanged();
        return folder;
      }),
      remove: os.folders.remove.handler(({ context, input }) => {
        workspace.folders.remove(context.principal, input.folderId);
        listChanged();
      }),
    },
  };
}
