import type { MessageStats } from "@deskside/contract";
import type { CSSProperties } from "react";
import { useText } from "../../../i18n/use-text.ts";

export interface ProfilePart {
  readonly key: "queue" | "prompt" | "thinking" | "writing" | "rest";
  readonly ms: number;
}

/**
 * Where the time of an answer went: waiting for the engine, reading the prompt up to the first token, thinking and
 * writing in the engine; `rest` is the way of the text through the backend and onto the disk. Empty without a first
 * token. Drawing happens in each window and is not part of it.
 */
export function profileOf(stats: MessageStats): readonly ProfilePart[] {
  const { firstTokenMs, reasoningMs, totalMs } = stats;
  if (firstTokenMs === null || totalMs <= 0) return [];
  const queue = Math.min(stats.queueMs ?? 0, totalMs);
  const prompt = Math.min(firstTokenMs, totalMs - queue);
  const after = totalMs - queue - prompt;
  const decode = Math.min(after, stats.decodeMs ?? decodeFromSpeed(stats) ?? after);
  const thinking = Math.min(reasoningMs ?? 0, decode);
  const parts: readonly ProfilePart[] = [
    { key: "queue", ms: queue },
    { key: "prompt", ms: prompt },
    { key: "thinking", ms: thinking },
    { key: "writing", ms: decode - thinking },
    { key: "rest", ms: after - decode },
  ];
  return parts.filter(({ ms }) => ms >= 1);
}

/** Answers of older versions have only their speed. */
function decodeFromSpeed({ tokensPerSecond, outputTokens }: MessageStats): number | null {
  if (tokensPerSecond === null || tokensPerSecond <= 0) return null;
  return (outputTokens / tokensPerSecond) * 1000;
}

const colors: Record<ProfilePart["key"], string> = {
  queue: "var(--c-5)",
  prompt: "var(--c-2)",
  thinking: "var(--c-4)",
  writing: "var(--c-1)",
  rest: "var(--line-strong)",
};

export function AnswerProfile({ stats }: { stats: MessageStats }) {
  const { t, format } = useText();
  const parts = profileOf(stats);
  if (parts.length === 0) return null;
  const words = parts.map(({ key, ms }) => `${t(`chat.inspector.profile.${key}`)} ${format.duration(ms)}`);
  return (
    <div className="col g8">
      <div className="label">{t("chat.inspector.profile.title")}</div>
      <span
        className="fit lg"
        role="img"
        style={{ "--fit-gap": "var(--pane)" } as CSSProperties}
        aria-label={words.join(t("common.listComma"))}
      >
        {parts.map(({ key, ms }) => (
          <i
            key={key}
            style={{ "--w": `${((ms / stats.totalMs) * 100).toFixed(2)}%`, background: colors[key] } as CSSProperties}
          />
        ))}
      </span>
      <dl className="kv t12">
        {parts.map(({ key, ms }) => (
          <div key={key} className="kv-row">
            <dt className="row g6">
              <i className="swatch" style={{ background: colors[key] }} />
              {t(`chat.inspector.profile.${key}`)}
            </dt>
            <dd>{format.duration(ms)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
