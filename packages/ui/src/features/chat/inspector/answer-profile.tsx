import type { MessageStats } from "@deskside/contract";
import type { CSSProperties } from "react";
import { useText } from "../../../i18n/use-text.ts";

export interface ProfilePart {
  readonly key: "prompt" | "thinking" | "writing" | "rest";
  readonly ms: number;
}

/**
 * Where the time of an answer went, as far as it was measured: up to the first token (waiting, loading and reading the
 * prompt together), then thinking and writing. `rest` is what lies outside of both. Empty without a first token.
 */
export function profileOf(stats: MessageStats): readonly ProfilePart[] {
  const { firstTokenMs, reasoningMs, totalMs, tokensPerSecond, outputTokens } = stats;
  if (firstTokenMs === null || totalMs <= 0) return [];
  const prompt = Math.min(firstTokenMs, totalMs);
  const after = totalMs - prompt;
  const decode =
    tokensPerSecond === null || tokensPerSecond <= 0 ? after : Math.min(after, (outputTokens / tokensPerSecond) * 1000);
  const thinking = Math.min(reasoningMs ?? 0, decode);
  const parts: readonly ProfilePart[] = [
    { key: "prompt", ms: prompt },
    { key: "thinking", ms: thinking },
    { key: "writing", ms: decode - thinking },
    { key: "rest", ms: after - decode },
  ];
  return parts.filter(({ ms }) => ms >= 1);
}

const colors: Record<ProfilePart["key"], string> = {
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
