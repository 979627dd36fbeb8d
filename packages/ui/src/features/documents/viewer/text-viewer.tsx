import type { DocumentText } from "@deskside/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { queryKeys } from "../../../app/query-keys.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, classNames } from "../../../primitives/index.ts";
import { isInside } from "./cell-range.ts";
import type { MarkedPlaces } from "./passage-places.ts";

type Block = DocumentText["blocks"][number];

const portion = 500;

/** A document as it was read: paragraphs with their lines, tables with their cells, the cited ones marked. */
export function TextViewer({ documentId, places }: { documentId: string; places: MarkedPlaces }) {
  const { t } = useText();
  const client = useClient();
  const { data, fetchNextPage, hasNextPage } = useInfiniteQuery({
    queryKey: queryKeys.documentText(documentId),
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      client.knowledge.documents.text({ documentId, offset: pageParam, limit: portion }, { signal }),
    getNextPageParam: ({ offset, blocks, total }) =>
      offset + blocks.length < total ? offset + blocks.length : undefined,
  });
  const blocks = data?.pages.flatMap((page) => page.blocks) ?? [];
  const first = blocks.findIndex((block) => isMarked(block, places));
  const isMissing = first < 0 && (places.lines !== null || places.cells.length > 0 || places.firstPage !== null);
  // The passage lies further on: what comes before it is read first.
  useEffect(() => {
    if (isMissing && hasNextPage) void fetchNextPage();
  }, [isMissing, hasNextPage, fetchNextPage, blocks.length]);
  return (
    <div className="scroll doc-text" tabIndex={0} role="region" aria-label={t("knowledge.viewer.text")}>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} places={places} focus={index === first} />
      ))}
      {hasNextPage && (
        <div>
          <Button onClick={() => void fetchNextPage()}>{t("knowledge.viewer.more")}</Button>
        </div>
      )}
    </div>
  );
}

function isMarked(block: Block, { lines, cells, pages }: MarkedPlaces): boolean {
  if (lines !== null && block.lines !== null) return block.lines.from <= lines.to && block.lines.to >= lines.from;
  if (block.sheet !== null) return cells.some(({ sheet }) => sheet === block.sheet);
  return block.page !== null && pages.has(block.page);
}

function BlockView({ block, places, focus }: { block: Block; places: MarkedPlaces; focus: boolean }) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focus) holder.current?.scrollIntoView({ block: "center" });
  }, [focus]);
  const marked = block.kind !== "table" && isMarked(block, places);
  return (
    <div ref={holder} className={classNames("doc-block", marked && "marked")}>
      {block.lines !== null && <span className="doc-line">{block.lines.from}</span>}
      <BlockBody block={block} places={places} />
    </div>
  );
}

function BlockBody({ block, places }: { block: Block; places: MarkedPlaces }) {
  if (block.kind === "table") return <TableBlock block={block} places={places} />;
  if (block.kind === "code") return <pre className="doc-code">{block.text}</pre>;
  if (block.kind === "heading") return <p className={block.level <= 2 ? "t16 sb" : "sb"}>{block.text}</p>;
  return <p>{block.kind === "list-item" ? `• ${block.text}` : block.text}</p>;
}

function TableBlock({ block, places }: { block: Block; places: MarkedPlaces }) {
  const { cells } = places;
  const rowIsMarked = (index: number): boolean => {
    const row = block.rowCells[index];
    if (row === undefined) return block.sheet === null && isMarked(block, places);
    return cells.some(({ sheet, from, to }) => sheet === block.sheet && isInside(row.from, from, to));
  };
  return (
    <div className="col g4 doc-sheet">
      {block.sheet !== null && <span className="label">{block.sheet}</span>}
      <table className="tb">
        {block.header.length > 0 && (
          <thead>
            <tr>
              {block.header.map((cell, index) => (
                <th key={index}>{cell}</th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {block.rows.map((row, index) => (
            <tr key={index} className={rowIsMarked(index) ? "marked" : ""}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
