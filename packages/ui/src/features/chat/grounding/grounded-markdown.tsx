import type { Grounding, Message } from "@deskside/contract";
import { type ReactNode, useMemo, useState } from "react";
import { CiteContext, type CiteRendering, type CiteTarget, Markdown, withCiteMarks } from "../../../markdown/index.ts";
import { CiteChip } from "./cite-chip.tsx";
import { MissingWords, UnsupportedChip } from "./unsupported-marks.tsx";

/** An answer from documents: a number behind every statement, a mark on what no passage says. */
export function GroundedMarkdown({ message, grounding }: { message: Message; grounding: Grounding }) {
  // Unguessable, so that an answer cannot carry chips of its own making.
  const [token] = useState(() =>
    crypto.getRandomValues(new Uint32Array(2)).reduce((text, part) => text + part.toString(36), ""),
  );
  const text = useMemo(
    () => withCiteMarks(message.text, grounding.statements, token),
    [message.text, grounding.statements, token],
  );
  const rendering = useMemo(
    (): CiteRendering => ({ token, render: (target, words) => renderTarget(message.id, grounding, target, words) }),
    [token, message.id, grounding],
  );
  return (
    <CiteContext value={rendering}>
      <Markdown text={text} />
    </CiteContext>
  );
}

function renderTarget(messageId: string, grounding: Grounding, target: CiteTarget, words: ReactNode): ReactNode {
  if (target.kind === "missing") return <MissingWords>{words}</MissingWords>;
  if (target.kind === "unsupported") return <UnsupportedChip />;
  const citation = grounding.statements[target.statement]?.citations[target.citation];
  const source = grounding.sources.find(({ n }) => n === citation?.source);
  if (!citation || !source) return words;
  return <CiteChip messageId={messageId} statement={target.statement} source={source} range={citation} />;
}
