import type { DocumentText, Grounding, Source, Statement } from "@deskside/contract";
import {
  addChat,
  addMessage,
  createFakeClient,
  type FakeClient,
  sampleCollection,
  sampleDocument,
} from "@deskside/testing/fake-client";

const warranty = "The warranty of the X200 is 24 months. The warranty of the X300 is 36 months.";
const pumps = "P-103 delivers 104 cubic metres per hour.";

const line = (text: string, number: number): DocumentText["blocks"][number] => ({
  kind: "paragraph",
  level: 0,
  text,
  header: [],
  rows: [],
  page: null,
  lines: { from: number, to: number },
  sheet: null,
  rowCells: [],
});
const source = (n: number, text: string): Source => ({
  n,
  passageId: `p_${n}`,
  documentId: "doc_1",
  document: "plant/handbook.md",
  page: null,
  text,
  spans: [{ start: 0, end: text.length, place: { kind: "lines", from: n, to: n } }],
});

export const answerText = [
  "The X200 is covered for **24 months**. P-103 delivers 104 m³ per hour, weighs 900 kg.",
  "It was painted blue.",
].join("\n\n");

export function statement(text: string, fields: Partial<Statement>, answer = answerText): Statement {
  const start = answer.indexOf(text);
  if (start < 0) throw new Error(`not in the answer: ${text}`);
  return { start, end: start + text.length, support: "supported", citations: [], missing: [], ...fields };
}

const weight = answerText.indexOf("900");

export const statements: readonly Statement[] = [
  statement("The X200 is covered for **24 months**.", { citations: [{ source: 1, start: 0, end: 38 }] }),
  statement("P-103 delivers 104 m³ per hour, weighs 900 kg.", {
    support: "partly",
    citations: [
      { source: 2, start: 0, end: pumps.length },
      { source: 1, start: 0, end: 38 },
    ],
    missing: [{ start: weight, end: weight + 3 }],
  }),
  statement("It was painted blue.", { support: "unsupported" }),
];

export const grounding: Grounding = {
  scope: { kind: "collections", ids: ["col_1"] },
  verdict: "answered",
  sources: [source(1, warranty), source(2, pumps)],
  statements: [...statements],
  retrieval: {
    question: "How long is the warranty?",
    rewritten: null,
    files: 1,
    passages: 2,
    ms: 12,
    fullText: "on",
    vectors: "on",
    evidence: { score: 0.9, needed: 0.4 },
    hits: [],
  },
};

/** A chat with one answer that stands on two passages of a text file. */
export function groundedChat(options: { gone?: boolean } = {}): {
  fake: FakeClient;
  chatId: string;
  messageId: string;
} {
  const fake = createFakeClient({
    pieceMs: null,
    collections: [sampleCollection()],
    documents: options.gone
      ? []
      : [sampleDocument({ path: "plant/handbook.md", format: "markdown", pages: null, passages: 2 })],
    knowledge: {
      texts: new Map([["doc_1", [line(warranty, 1), line(pumps, 2)]]]),
      passages: new Map(grounding.sources.map(({ passageId, text, spans }) => [passageId, { text, spans }])),
    },
  });
  const { world } = fake.controls;
  const chat = addChat(world, { title: "Pumps", titledBy: "exchange" });
  addMessage(world, { chatId: chat.id, role: "user", text: grounding.retrieval.question });
  const answer = addMessage(world, {
    chatId: chat.id,
    role: "assistant",
    text: answerText,
    finish: "end",
    grounding,
  });
  return { fake, chatId: chat.id, messageId: answer.id };
}
