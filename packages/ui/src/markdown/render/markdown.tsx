import "../markdown.css";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { languageTag } from "../language-tag.ts";
import { useText } from "../../i18n/use-text.ts";
import { IconButton } from "../../primitives/index.ts";
import { collectDefinitions, type Definitions, definitionsFor, type Footnote } from "../split/definitions.ts";
import { type BlockSplit, splitBlocks } from "../split/split-blocks.ts";
import { FootnoteContext } from "./block-context.ts";
import { reveal } from "./elements.tsx";
import { MarkdownBlock } from "./markdown-block.tsx";

export interface MarkdownProps {
  text: string;
  /** The text still grows: its end is shown as if its syntax were closed. */
  growing?: boolean;
  /** Draws a caret behind the last word. */
  caret?: boolean;
}

/** Markdown from a model, shown block by block; settled blocks are not rendered again while the text grows. */
export function Markdown({ text, growing = false, caret = false }: MarkdownProps) {
  const split = useRef<BlockSplit | undefined>(undefined);
  const { blocks } = useMemo(() => {
    split.current = splitBlocks(text, split.current);
    return split.current;
  }, [text]);
  const definitions = useMemo(() => collectDefinitions(blocks), [blocks]);
  const shown = useGradualCount(blocks, growing);
  const idPrefix = useId();
  const footnotes = useMemo(() => ({ definitions, idPrefix }), [definitions, idPrefix]);
  return (
    <FootnoteContext value={footnotes}>
      <div className={caret ? "md with-caret" : "md"} lang={languageTag(text)}>
        {blocks.slice(0, shown).map((block, index) => (
          <MarkdownBlock
            key={index}
            source={block}
            definitions={definitionsFor(block, definitions)}
            growing={growing && index === blocks.length - 1}
          />
        ))}
        {shown === blocks.length && <Footnotes definitions={definitions} idPrefix={idPrefix} />}
      </div>
    </FootnoteContext>
  );
}

/** Characters that are rendered at once; the rest follows a portion a frame, so that long answers open without a halt. */
const firstPortion = 24_000;
const nextPortion = 12_000;

function useGradualCount(blocks: readonly string[], growing: boolean): number {
  const [reached, setReached] = useState(() =>
    growing ? Number.POSITIVE_INFINITY : countWithin(blocks, 0, firstPortion),
  );
  const waiting = reached < blocks.length;
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => setReached((count) => count + countWithin(blocks, count, nextPortion)), 16);
    return () => clearTimeout(timer);
  }, [waiting, reached, blocks]);
  return Math.min(reached, blocks.length);
}

function countWithin(blocks: readonly string[], from: number, characters: number): number {
  let sum = 0;
  let count = 0;
  while (from + count < blocks.length && (count === 0 || sum < characters)) {
    sum += blocks[from + count]?.length ?? 0;
    count++;
  }
  return from + count === blocks.length && from === 0 ? Number.POSITIVE_INFINITY : count;
}

function Footnotes({ definitions, idPrefix }: { definitions: Definitions; idPrefix: string }) {
  const { t } = useText();
  if (definitions.footnotes.length === 0) return null;
  return (
    <section className="md-notes" aria-label={t("chat.markdown.footnotes")}>
      <ol>
        {definitions.footnotes.map((note, index) => (
          <FootnoteItem key={note.label} note={note} number={index + 1} definitions={definitions} idPrefix={idPrefix} />
        ))}
      </ol>
    </section>
  );
}

function FootnoteItem(props: { note: Footnote; number: number; definitions: Definitions; idPrefix: string }) {
  const { note, number, definitions, idPrefix } = props;
  const { t } = useText();
  return (
    <li id={`${idPrefix}note-${number}`} tabIndex={-1}>
      <MarkdownBlock source={note.text} definitions={definitionsFor(note.text, definitions)} growing={false} />
      <IconButton
        icon="arrow-up"
        size="xs"
        iconSize={12}
        label={t("chat.markdown.backToText")}
        onClick={() => reveal(`${idPrefix}mark-${number}`)}
      />
    </li>
  );
}
