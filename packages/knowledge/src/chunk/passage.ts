import type { Span } from "../document/document-schemas.ts";

/** A piece of a document that is searched, shown and cited. */
export interface Passage {
  /** Position in its document, from 0. */
  readonly index: number;
  /** The text a person reads. */
  readonly text: string;
  /** Title of the document and the headings above, outermost first: searched and embedded before the text, not cited. */
  readonly context: { readonly title: string; readonly sections: readonly string[] };
  /** Tokens of context and text together, by the embedding model's own count. */
  readonly tokens: number;
  readonly kind: "text" | "table" | "list" | "code";
  /** Places of `text`, ascending. */
  readonly spans: readonly Span[];
}
