import { memo, useState } from "react";
import { useText } from "../../i18n/use-text.ts";
import { Button, classNames } from "../../primitives/index.ts";
import { useCopy } from "../copy-text.ts";
import { findLanguage } from "./code-languages.ts";
import type { CodeToken } from "./highlighter.ts";
import { useHighlightedCode } from "./use-highlighted-code.ts";

export interface CodeBlockProps {
  code: string;
  /** As the fence names it; empty when it does not. */
  language: string;
  /** More may come. */
  growing?: boolean;
}

export function CodeBlock({ code, language, growing = false }: CodeBlockProps) {
  const { t } = useText();
  const { state, copy } = useCopy();
  const [wrap, setWrap] = useState(false);
  const { lines, endsOpen, rest } = useHighlightedCode(code, language, growing);
  const name = findLanguage(language)?.name ?? (language === "" ? t("chat.markdown.code") : language);
  return (
    <div className="codeblk">
      <header>
        <span className="grow clip">{name}</span>
        <Button
          variant="quiet"
          size="xs"
          aria-pressed={wrap}
          className={classNames(wrap && "is-hover")}
          onClick={() => setWrap(!wrap)}
        >
          {t("chat.markdown.wrap")}
        </Button>
        <CopyButton state={state} label={t("chat.markdown.copyCode")} onCopy={() => copy(code)} />
      </header>
      <pre className={classNames(wrap && "wrap")} tabIndex={0} role="group" aria-label={name}>
        <code>
          {lines.map((line, index) => (
            <Line key={index} tokens={line} last={endsOpen && index === lines.length - 1} />
          ))}
          {rest}
        </code>
      </pre>
    </div>
  );
}

export function CopyButton(props: { state: "idle" | "copied" | "failed"; label: string; onCopy: () => void }) {
  const { t } = useText();
  const { state, label, onCopy } = props;
  const words = state === "copied" ? t("chat.copied") : state === "failed" ? t("chat.copyFailed") : label;
  return (
    <Button variant="quiet" size="xs" icon={state === "copied" ? "check" : "copy"} onClick={onCopy}>
      <span aria-live="polite">{words}</span>
    </Button>
  );
}

const Line = memo(function Line({ tokens, last }: { tokens: readonly CodeToken[]; last: boolean }) {
  return (
    <>
      {tokens.map(({ text, kind }, index) =>
        kind === null ? (
          text
        ) : (
          <span key={index} className={kind}>
            {text}
          </span>
        ),
      )}
      {last ? "" : "\n"}
    </>
  );
});
