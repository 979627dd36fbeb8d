import { Fragment } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import type { CitedAnswer } from "./cited-answer.ts";
import type { ExportWords } from "./export-words.ts";
import type { ExportBlock, ExportRun } from "./read-blocks.ts";
import "./print.css";

/** Opens the system's print dialog, which also saves as PDF, on the answer alone. */
export function printAnswer(answer: CitedAnswer, words: ExportWords): void {
  const holder = document.createElement("div");
  holder.className = "print-sheet";
  document.body.append(holder);
  const root = createRoot(holder);
  flushSync(() => root.render(<AnswerSheet answer={answer} words={words} />));
  const title = document.title;
  // Becomes the name of the file.
  document.title = words.title;
  try {
    window.print();
  } finally {
    document.title = title;
    root.unmount();
    holder.remove();
  }
}

function AnswerSheet({ answer, words }: { answer: CitedAnswer; words: ExportWords }) {
  return (
    <>
      <h1>{words.title}</h1>
      {answer.blocks.map((block, index) => (
        <Block key={index} block={block} words={words} />
      ))}
      {answer.quotes.length > 0 && <h2>{words.sources}</h2>}
      {answer.quotes.map((quote, index) => (
        <div key={index} className="print-quote">
          <p>
            <b>
              [{quote.n}] {words.placeOf(quote)}
            </b>
          </p>
          <blockquote>{quote.text}</blockquote>
        </div>
      ))}
      <footer>{words.facts}</footer>
    </>
  );
}

function Block({ block, words }: { block: ExportBlock; words: ExportWords }) {
  switch (block.kind) {
    case "heading":
      return (
        <h3>
          <Runs runs={block.runs} words={words} />
        </h3>
      );
    case "code":
      return <pre>{block.text}</pre>;
    case "table":
      return (
        <table>
          <tbody>
            {block.rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column}>
                    <Runs runs={cell} words={words} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case "item":
      return (
        <p className="print-item" style={{ marginLeft: `${block.depth * 18}pt` }}>
          <span>{block.number === null ? "•" : `${block.number}.`}</span>
          <span>
            <Runs runs={block.runs} words={words} />
          </span>
        </p>
      );
    case "quote":
      return (
        <blockquote>
          <Runs runs={block.runs} words={words} />
        </blockquote>
      );
    default:
      return (
        <p>
          <Runs runs={block.runs} words={words} />
        </p>
      );
  }
}

function Runs({ runs, words }: { runs: readonly ExportRun[]; words: ExportWords }) {
  return runs.map((run, index) => <Fragment key={index}>{describeRun(run, words)}</Fragment>);
}

function describeRun({ text, bold, italic, code, cite }: ExportRun, words: ExportWords) {
  if (cite === "number") return <sup>[{text}]</sup>;
  if (cite === "unsupported") return <em className="print-missing"> ({words.unsupported})</em>;
  if (cite === "missing") return <u className="print-missing">{text}</u>;
  if (code) return <code>{text}</code>;
  if (bold) return <b>{text}</b>;
  return italic ? <i>{text}</i> : text;
}
