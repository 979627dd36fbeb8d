import { useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { createDraftSaver, type DraftSaver } from "../state/draft-saver.ts";
import { useChatWindowStore } from "../state/use-chat-session.ts";

export interface Draft {
  text: string;
  setText: (text: string) => void;
  /** The text left as a message: nothing of it is kept. */
  clear: () => void;
  /** False while the last try to keep the text has failed. */
  saved: boolean;
  flush: () => void;
}

/** What is typed and not sent, kept by the backend. It is there again after a reload, a crash and in another window. */
export function useDraft(chatKey: string): Draft {
  const client = useClient();
  const queued = useChatWindowStore((state) => state.queued[chatKey] ?? "");
  const [text, setLocalText] = useState("");
  const [saved, setSaved] = useState(true);
  const touched = useRef(false);
  const latest = useRef({ text: "", queued });
  const saver = useRef<DraftSaver | null>(null);

  useEffect(() => {
    const own = createDraftSaver({
      save: (value) => client.chat.saveDraft({ key: chatKey, text: value }),
      onResult: setSaved,
    });
    saver.current = own;
    touched.current = false;
    const controller = new AbortController();
    client.chat
      .getDraft({ key: chatKey }, { signal: controller.signal })
      .then((stored) => {
        if (controller.signal.aborted || touched.current) return;
        const waiting = latest.current.queued;
        const own = waiting !== "" && stored.startsWith(waiting) ? stored.slice(waiting.length).trimStart() : stored;
        latest.current.text = own;
        setLocalText(own);
      })
      // Nothing is lost by not reading it now: it stays on disk until something is typed here.
      .catch(() => undefined);
    const onHide = () => document.visibilityState === "hidden" && own.flush();
    const onLeave = () => own.flush();
    document.addEventListener("visibilitychange", onHide);
    window.addEventListener("pagehide", onLeave);
    return () => {
      controller.abort();
      document.removeEventListener("visibilitychange", onHide);
      window.removeEventListener("pagehide", onLeave);
      own[Symbol.dispose]();
    };
  }, [client, chatKey]);

  // A queued message is unsent text too.
  useEffect(() => {
    if (latest.current.queued === queued) return;
    latest.current.queued = queued;
    saver.current?.set([queued, latest.current.text].filter(Boolean).join("\n\n"));
  }, [queued]);

  const setText = useCallback((next: string) => {
    touched.current = true;
    latest.current.text = next;
    setLocalText(next);
    saver.current?.set([latest.current.queued, next].filter(Boolean).join("\n\n"));
  }, []);
  const flush = useCallback(() => saver.current?.flush(), []);
  const clear = useCallback(() => {
    setText("");
    flush();
  }, [setText, flush]);
  return { text, setText, clear, saved, flush };
}
