import { isDesksideError } from "@deskside/base";
import "../chat.css";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button } from "../../../primitives/index.ts";
import { Composer } from "../composer/composer.tsx";
import { type ShownChat, useChat } from "../hooks/use-chat.ts";
import { useChatScope } from "../hooks/use-chat-scope.ts";
import { useChatActions } from "../hooks/use-chat-actions.ts";
import { useGenerationStore } from "../state/use-chat-session.ts";
import { Thread } from "../thread/thread.tsx";
import { ChatHeader } from "./chat-header.tsx";
import { DropZone } from "./drop-zone.tsx";
import { EmptyChat } from "./empty-chat.tsx";
import { ThreadSkeleton } from "./thread-skeleton.tsx";
import { useChatKeys } from "./use-chat-keys.ts";

export interface ChatScreenProps {
  /** Null = a new chat. */
  chatId: string | null;
  /** Asked when another chat is to be shown: a new one got its id, or this one is gone. */
  onOpenChat: (chatId: string | null) => void;
}

/** The content pane of the chat section. */
export function ChatScreen({ chatId, onOpenChat }: ChatScreenProps) {
  const shown = useChat(chatId);
  const actions = useChatActions();
  useChatKeys(shown, actions);
  return (
    <>
      <ChatHeader shown={shown} onOpenChat={onOpenChat} />
      {chatId === null ? (
        <EmptyChat onOpenChat={onOpenChat} />
      ) : (
        <OpenChat key={chatId} chatId={chatId} shown={shown} onOpenChat={onOpenChat} />
      )}
      <DropZone chatId={chatId} />
    </>
  );
}

function OpenChat({ chatId, shown, onOpenChat }: ChatScreenProps & { chatId: string; shown: ShownChat }) {
  const { chat, branch, running, error } = shown;
  const writing = useGenerationStore((state) => state.live[running?.generationId ?? ""]?.message.model?.id ?? null);
  const lastModelId = branch.findLast(({ model }) => model !== null)?.model?.id ?? null;
  useChatScope(chatId, branch);
  if (error && !chat) return <ChatProblem chatId={chatId} error={error} onOpenChat={onOpenChat} />;
  if (!chat) return <ThreadSkeleton />;
  return (
    <>
      <Thread shown={shown} chatId={chatId}>
        <Composer
          chatId={chatId}
          chatModelId={chat.modelId}
          leafId={chat.leafId}
          lastModelId={writing ?? lastModelId}
          running={running}
          onOpenChat={onOpenChat}
        />
      </Thread>
    </>
  );
}

function ChatProblem({ chatId, error, onOpenChat }: ChatScreenProps & { chatId: string; error: Error }) {
  const text = useText();
  const { t } = text;
  const { reload } = useChatActions();
  const gone = isDesksideError(error, "CHAT_NOT_FOUND");
  const { title, body } = describeError(toErrorData(error), text);
  return (
    <div className="scroll state-view" role="alert">
      <div className="col g8">
        <div className="t16 sb">{gone ? t("chat.thread.notFound") : title}</div>
        <div className="ink2">{gone ? t("chat.thread.notFoundHint") : body}</div>
        <div className="row g8">
          {gone ? (
            <Button variant="primary" icon="plus" onClick={() => onOpenChat(null)}>
              {t("chat.newChat")}
            </Button>
          ) : (
            <Button variant="primary" icon="refresh" onClick={() => reload(chatId)}>
              {t("chat.thread.tryAgain")}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
