import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Grounding } from "@deskside/contract";
import type { Served } from "../product/whole-stack.ts";

type Client = Served["client"];

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** What a person would see. */
export interface ShownAnswer {
  readonly text: string;
  readonly grounding: Grounding;
  readonly seconds: number;
}

/**
 * A collection of these files, read and with all its vectors. The files are gone afterwards, as what is asked is in the
 * index. Throws when one of them was not read.
 */
export async function collect(client: Client, name: string, files: readonly TextFile[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "deskside-bench-files-"));
  try {
    for (const file of files) writeFileSync(join(folder, file.name), file.text);
    const { id: collectionId } = await client.knowledge.collections.create({ name });
    await client.knowledge.documents.add({ collectionId, paths: [folder] });
    for await (const now of await client.knowledge.ingest.watch({ collectionId }))
      if (now.files.waiting + now.files.working === 0 && now.vectors.done === now.vectors.total) break;
    const documents = await client.knowledge.documents.list({ collectionId });
    const unread = documents.filter(({ state }) => state !== "ready" && state !== "duplicate");
    if (unread.length > 0 || documents.length < files.length)
      throw new Error(`${name}: ${documents.length} files, not read: ${unread.map(({ path }) => path).join(", ")}`);
    return collectionId;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Asks in a new chat, with the model's own settings for documents. Throws what the generation failed with. */
export async function askDocuments(
  client: Client,
  { modelId, collectionId, question }: { modelId: string; collectionId: string; question: string },
): Promise<ShownAnswer> {
  const started = performance.now();
  const { generationId } = await client.generation.start({
    ...{ kind: "send", chatId: null, text: question, modelId },
    scope: { kind: "collections", ids: [collectionId] },
  });
  for await (const event of await client.generation.watch({ generationId })) {
    if (!("message" in event) || event.type === "snapshot") continue;
    const { text, grounding, error } = event.message;
    if (error || !grounding) throw new Error(`"${question}": ${error?.code ?? "an answer without grounding"}`);
    return { text, grounding, seconds: (performance.now() - started) / 1000 };
  }
  throw new Error(`"${question}": the answer did not end`);
}
