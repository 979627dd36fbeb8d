import { newChatDraft, type PromptCount } from "@deskside/contract";
import { skipToken, useQuery } from "@tanstack/react-query";
import type { CSSProperties } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { useText } from "../../../i18n/use-text.ts";
import { useChatWindowStore } from "../state/use-chat-session.ts";

export interface ContextWindowProps {
  chatId: string | null;
  leafId: string | null;
  running: boolean;
}

interface Share {
  key: "thisChat" | "draft" | "room";
  tokens: number;
  colour: string;
}

/** Where the tokens of the next prompt go, as the engine counts them. */
export function ContextWindow({ chatId, leafId, running }: ContextWindowProps) {
  const { t, format } = useText();
  const withDraft = useChatWindowStore((state) => state.counts[chatId ?? newChatDraft] ?? null);
  const base = useBaseCount(chatId, leafId, running);
  const size = withDraft?.contextSize ?? base?.contextSize ?? null;
  if (size === null || !base) {
    return (
      <section>
        <div className="label">{t("chat.inspector.context")}</div>
        <p className="t12 ink3 context-note">{t("chat.inspector.contextUnknown")}</p>
      </section>
    );
  }
  const draft = Math.max(0, (withDraft?.used ?? base.used) - base.used);
  const shares: Share[] = [
    { key: "thisChat", tokens: base.used, colour: "var(--c-2)" },
    { key: "draft", tokens: draft, colour: "var(--c-1)" },
    { key: "room", tokens: base.room, colour: "var(--c-3)" },
  ];
  const free = Math.max(0, size - base.used - draft - base.room);
  const count = (tokens: number) => format.compact(tokens);
  return (
    <section className="col g8">
      <div className="label">{t("chat.inspector.context")}</div>
      <span
        className="fit lg"
        role="img"
        style={{ "--fit-gap": "var(--pane)" } as CSSProperties}
        aria-label={t("chat.inspector.contextLabel", {
          chat: format.integer(base.used),
          draft: format.integer(draft),
          room: format.integer(base.room),
          size: format.integer(size),
          free: format.integer(free),
        })}
      >
        {shares.map(({ key, tokens, colour }) => (
          <i
            key={key}
            style={{ "--w": `${((tokens / size) * 100).toFixed(2)}%`, background: colour } as CSSProperties}
          />
        ))}
      </span>
      <dl className="kv t12">
        {shares.map(({ key, tokens, colour }) => (
          <Row key={key} label={t(`chat.inspector.${key}`)} value={count(tokens)} colour={colour} />
        ))}
        <Row label={t("chat.inspector.free")} value={count(free)} colour="var(--track)" />
      </dl>
    </section>
  );
}

function Row({ label, value, colour }: { label: string; value: string; colour: string }) {
  return (
    <>
      <dt className="row g6">
        <i className="swatch" style={{ background: colour }} />
        {label}
      </dt>
      <dd>{value}</dd>
    </>
  );
}

/** The prompt without what is typed. Counted again when an answer has ended. */
function useBaseCount(chatId: string | null, leafId: string | null, running: boolean): PromptCount | null {
  const client = useClient();
  // A count that came with text says that the model is loaded, and which one: then this one can be had too.
  const modelId = useChatWindowStore((state) => state.counts[chatId ?? newChatDraft]?.modelId ?? null);
  const { data } = useQuery({
    queryKey: ["generation", "count", chatId, leafId, modelId],
    queryFn: running
      ? skipToken
      : ({ signal }) => client.generation.count({ chatId, parentId: null, text: "", modelId: null }, { signal }),
    gcTime: 0,
  });
  return data ?? null;
}
