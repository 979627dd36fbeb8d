import type { KatexOptions } from "katex";
import { useContext, useEffect, useRef, useState } from "react";
import { useText } from "../../i18n/use-text.ts";
import { classNames } from "../../primitives/index.ts";
import { BlockContext } from "../render/block-context.ts";

type Katex = { render(tex: string, element: HTMLElement, options: KatexOptions): void };

let loading: Promise<Katex> | null = null;
let loaded: Katex | null = null;

/** The typesetter, its styles and its fonts come with the first formula. */
function loadKatex(): Promise<Katex> {
  loading ??= Promise.all([import("katex"), import("katex/dist/katex.min.css")]).then(
    ([module]) => {
      loaded = module.default;
      return loaded;
    },
    (error: unknown) => {
      // Asked again by the next formula.
      loading = null;
      throw error;
    },
  );
  return loading;
}

/** Nothing a formula says may reach outside it: no links, no images, no endless macros, no page-high rules. */
const limits: KatexOptions = { throwOnError: true, trust: false, strict: "ignore", maxExpand: 500, maxSize: 20 };

/** While the formula is still written, the last readable form stays; a finished one that cannot be read shows its source. */
export function Formula({ tex, display }: { tex: string; display: boolean }) {
  const { t } = useText();
  const { growing } = useContext(BlockContext);
  const [katex, setKatex] = useState<Katex | null>(loaded);
  const [shown, setShown] = useState<"source" | "formula">("source");
  const [problem, setProblem] = useState<string | null>(null);
  const target = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    if (katex) return;
    let left = false;
    loadKatex().then(
      (module) => !left && setKatex(() => module),
      (error: unknown) => !left && setProblem(String(error)),
    );
    return () => {
      left = true;
    };
  }, [katex]);

  useEffect(() => {
    if (!katex || !target.current) return;
    const draft = document.createElement("span");
    try {
      katex.render(tex, draft, { ...limits, displayMode: display });
      target.current.replaceChildren(...draft.childNodes);
      setShown("formula");
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }, [katex, tex, display]);

  const source = shown === "source" || (problem !== null && !growing);
  const title = problem !== null && !growing ? t("chat.markdown.formulaFailed", { problem }) : undefined;
  return (
    <span className={classNames("md-math", display && "formula")} title={title}>
      <span ref={target} hidden={source} />
      {source && <code className="md-tex">{tex}</code>}
    </span>
  );
}
