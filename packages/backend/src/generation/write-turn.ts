import type { Message, Sampling, Steering } from "@deskside/contract";
import type { ResolvedModel } from "@deskside/model-library";
import type { Principal, Workspace } from "@deskside/storage";
import type { Turn } from "./plan-turn.ts";
import { titleOf } from "./title-of.ts";

export interface WrittenTurn {
  readonly chatId: string;
  readonly userMessageId: string | null;
  /** The answer, empty or as far as it was. */
  readonly message: Message;
}

/** The user's turn and the empty answer are on disk together, or neither is. */
export function writeTurn(
  workspace: Workspace,
  principal: Principal,
  job: { turn: Turn; model: ResolvedModel; params: Sampling; steering: Steering | null },
): WrittenTurn {
  const { turn, params } = job;
  const { id, description } = job.model;
  const model = { id, name: description.name, quantization: description.quantization };
  return workspace.transaction(() => {
    if (turn.kind === "continue") {
      const message = workspace.messages.resume(principal, { messageId: turn.message.id, model, params });
      return { chatId: turn.chatId, userMessageId: null, message };
    }
    const chatId = turn.chatId ?? newChat(workspace, principal, job.steering);
    const asked =
      turn.kind === "send"
        ? workspace.messages.insertUser(principal, {
            chatId,
            parentId: turn.parentId,
            text: turn.text,
            scope: turn.scope,
          })
        : null;
    if (asked) workspace.chats.setTitleIfUntitled(principal, chatId, titleOf(asked.text));
    const parentId = asked?.id ?? turn.parentId;
    const message = workspace.messages.insertAssistant(principal, { chatId, parentId, model, params });
    workspace.chats.setLeaf(principal, chatId, message.id);
    return { chatId, userMessageId: asked?.id ?? null, message };
  });
}

function newChat(workspace: Workspace, principal: Principal, steering: Steering | null): string {
  const { id } = workspace.chats.create(principal, { modelId: null });
  if (steering !== null) workspace.chats.setSteering(principal, id, steering);
  return id;
}
