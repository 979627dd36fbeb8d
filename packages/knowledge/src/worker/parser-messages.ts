import { readFailureSchema } from "@deskside/contract";
import { z } from "zod";

/** To the process: one `start`, the bytes in pieces, `read`; then the next document or the end. */
export type ParserCall =
  | {
      readonly type: "start";
      readonly id: number;
      readonly name: string;
      readonly ocrLanguages: readonly string[];
      readonly password: string | null;
      readonly resources: string | null;
    }
  | { readonly type: "piece"; readonly id: number; readonly data: Uint8Array }
  | { readonly type: "read"; readonly id: number };

const id = z.number().int();

/** From the process. It has read hostile bytes: everything it says is parsed. `text`: a piece of the document as JSON. */
export const parserAnswerSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), id, done: z.number(), total: z.number() }),
  z.object({ type: z.literal("text"), id, text: z.string() }),
  z.object({ type: z.literal("done"), id }),
  z.object({ type: z.literal("failed"), id, failure: readFailureSchema, detail: z.string() }),
]);
export type ParserAnswer = z.infer<typeof parserAnswerSchema>;

/** Of one message, in bytes or characters. */
export const pieceSize = 1_048_576;
