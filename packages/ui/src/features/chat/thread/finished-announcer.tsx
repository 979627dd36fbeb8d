import { useEffect, useState } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { useChatSession } from "../state/use-chat-session.ts";

/** Reads a finished answer out once; the growing text is not announced. */
export function FinishedAnnouncer({ chatId }: { chatId: string }) {
  const { t } = useText();
  const session = useChatSession();
  const [answer, setAnswer] = useState<string | null>(null);
  useEffect(() => {
    setAnswer(null);
    const subscription = session.onEnded((message) => {
      if (message.chatId === chatId) setAnswer(message.text.slice(0, 1_000));
    });
    return () => subscription[Symbol.dispose]();
  }, [session, chatId]);
  return (
    <div className="sr" role="status" aria-live="polite">
      {answer !== null && t("chat.thread.answered", { text: answer })}
    </div>
  );
}
