import { useEffect, useState } from "react";
import { useText } from "../../i18n/use-text.ts";
import { Button } from "../../primitives/index.ts";
import { CodeBlock, CopyButton } from "../code/code-block.tsx";
import { useCopy } from "../copy-text.ts";
import { type DrawnDiagram, drawDiagram } from "./draw-diagram.ts";
import { useTheme } from "../../app/appearance/use-theme.ts";

/** A finished Mermaid block. What cannot be drawn shows its source and the reason. */
export function MermaidDiagram({ source }: { source: string }) {
  const { t } = useText();
  const theme = useTheme();
  const [drawn, setDrawn] = useState<DrawnDiagram | null>(null);
  const [showSource, setShowSource] = useState(false);
  const { state, copy } = useCopy();

  useEffect(() => {
    let left = false;
    drawDiagram(source).then(
      (result) => !left && setDrawn(result),
      (error: unknown) => !left && setDrawn({ problem: String(error) }),
    );
    return () => {
      left = true;
    };
    // The colours are part of the drawing.
  }, [source, theme]);

  if (drawn && "problem" in drawn) {
    return (
      <div className="md-diagram-failed col g8">
        <CodeBlock code={source} language="mermaid" />
        <div className="t12 danger" role="note">
          {t("chat.markdown.diagramFailed")}
          <div className="mono ink3 problem">{drawn.problem}</div>
        </div>
      </div>
    );
  }
  return (
    <div className="codeblk">
      <header>
        <span className="grow">{t("chat.markdown.diagram")}</span>
        <Button
          variant="quiet"
          size="xs"
          icon="code"
          aria-pressed={showSource}
          onClick={() => setShowSource(!showSource)}
        >
          {showSource ? t("chat.markdown.showDiagram") : t("chat.markdown.showSource")}
        </Button>
        <CopyButton state={state} label={t("chat.markdown.copyCode")} onCopy={() => copy(source)} />
      </header>
      {showSource ? (
        <pre tabIndex={0} role="group" aria-label={t("chat.markdown.diagram")}>
          <code>{source}</code>
        </pre>
      ) : (
        <Drawing drawn={drawn} waiting={t("chat.markdown.drawing")} label={t("chat.markdown.diagram")} />
      )}
    </div>
  );
}

function Drawing({ drawn, waiting, label }: { drawn: DrawnDiagram | null; waiting: string; label: string }) {
  if (!drawn || !("svg" in drawn)) return <div className="md-diagram ink3 t12">{waiting}</div>;
  // Sanitised where it is made: see sanitize-svg.ts.
  return <div className="md-diagram" role="img" aria-label={label} dangerouslySetInnerHTML={{ __html: drawn.svg }} />;
}
