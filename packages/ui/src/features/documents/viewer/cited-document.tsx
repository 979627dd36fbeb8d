import type { Source, TextRange } from "@deskside/contract";
import type { ReactNode } from "react";
import { useDocument } from "../../../app/data/use-knowledge.ts";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import "../documents.css";
import { DocumentView } from "./document-view.tsx";
import { useMarkedPlaces } from "./use-marked-places.ts";

/** The document of a source with its sentence marked. When the document is gone, the passage as it was stays readable. */
export function CitedDocument({ source, range, tools }: { source: Source; range: TextRange; tools: ReactNode }) {
  const text = useText();
  const { data: document, error } = useDocument(source.documentId);
  const places = useMarkedPlaces(source.documentId, source.passageId, range);
  if (error) {
    return (
      <>
        <div className="doc-bar row g4">
          <span className="grow" />
          {tools}
        </div>
        <p className="doc-moved">
          <span className="sb">{text.t("knowledge.viewer.gone")}</span> {describeError(toErrorData(error), text).body}
        </p>
        <div className="scroll doc-text">
          <p className="source-text">
            {source.text.slice(0, range.start)}
            <mark>{source.text.slice(range.start, range.end)}</mark>
            {source.text.slice(range.end)}
          </p>
        </div>
      </>
    );
  }
  if (!document || places === null) return null;
  return (
    <DocumentView
      documentId={source.documentId}
      format={document.format}
      name={source.document}
      places={places}
      mark={source.n}
      tools={tools}
    />
  );
}
