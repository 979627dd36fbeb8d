import { maxMessageBytes, newChatDraft, type PromptCount } from "@deskside/contract";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { describeError } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Banner, Button, Icon } from "../../../primitives/index.ts";
import { judgeCount } from "../hooks/use-prompt-count.ts";
import { useChatSession, useChatWindowStore } from "../state/use-chat-session.ts";

export interface ComposerNoticesProps {
  chatId: string | null;
  count: PromptCount | null;
  /** UTF-8 bytes of what is typed, when it is too much. */
  tooLarge: number | null;
  /** UTF-8 bytes that a paste would have made. */
  refusedPaste: number | null;
  busy: boolean;
  modelName: string;
}

/** What stands in the way of the next message, said before it is sent. */
export function ComposerNotices(props: ComposerNoticesProps) {
  const { chatId, count, tooLarge, refusedPaste, busy, modelName } = props;
  const text = useText();
  const { t, format } = text;
  const chatKey = chatId ?? newChatDraft;
  const problem = useChatWindowStore((state) => state.problems[chatKey] ?? null);
  const setProblem = useChatWindowStore((state) => state.actions.setProblem);
  const open = useNavigationStore((state) => state.actions.open);
  const tooMuch = tooLarge ?? refusedPaste;
  if (tooMuch !== null) {
    const sizes = { bytes: format.bytes(tooMuch), limit: format.bytes(maxMessageBytes) };
    return (
      <Banner tone="danger" title={t("chat.composer.tooLarge")}>
        {t(tooLarge === null ? "chat.composer.pasteRefused" : "chat.composer.tooLargeBody", sizes)}
      </Banner>
    );
  }
  const { level, over, limit } = count && !busy ? judgeCount(count) : { level: "ok" as const, over: 0, limit: 0 };
  if (count && level === "danger") {
    return (
      <Banner tone="danger" title={t("chat.composer.overTitle")}>
        {t("chat.composer.over", {
          used: format.integer(count.used),
          over: format.integer(over),
          size: format.integer(count.contextSize),
          room: format.integer(count.room),
          model: modelName,
        })}
        {chatId !== null && (
          <div className="row g8 notice-acts">
            <Button size="sm" icon="plus" onClick={() => open({ section: "chat", id: null })}>
              {t("chat.newChat")}
            </Button>
          </div>
        )}
      </Banner>
    );
  }
  if (problem) {
    const { title, body } = describeError(problem, text);
    return (
      <Banner tone="danger" title={title} onClose={() => setProblem(chatKey, null)}>
        {body} {t("chat.composer.keptText")}
      </Banner>
    );
  }
  if (count && level === "warn") {
    return (
      <Banner tone="warn">
        {t("chat.composer.nearFull", {
          used: format.integer(count.used),
          limit: format.integer(limit),
          room: format.integer(count.room),
        })}
      </Banner>
    );
  }
  return null;
}

/** The message that waits for the running answer to end. */
export function QueuedMessage({
  chatId,
  busy,
  onTakeBack,
}: {
  chatId: string;
  busy: boolean;
  onTakeBack: (text: string) => void;
}) {
  const { t } = useText();
  const session = useChatSession();
  const queued = useChatWindowStore((state) => state.queued[chatId]);
  const unqueue = useChatWindowStore((state) => state.actions.unqueue);
  if (queued === undefined) return null;
  return (
    <div className="queued" role="group" aria-label={t("chat.composer.queued")}>
      <Icon name="clock" size={14} />
      <span className="clip grow" title={queued}>
        {queued}
      </span>
      <span className="ink3 t12 hide-sm nowrap">{busy && t("chat.composer.queuedHint")}</span>
      {!busy && (
        <Button size="xs" icon="arrow-up" onClick={() => void session.sendQueued(chatId)}>
          {t("chat.composer.send")}
        </Button>
      )}
      <Button size="xs" variant="quiet" onClick={() => onTakeBack(unqueue(chatId) ?? "")}>
        {t("chat.composer.cancelQueued")}
      </Button>
    </div>
  );
}
