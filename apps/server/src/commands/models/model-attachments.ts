import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Attachment, attachmentKinds, deskError } from "@deskside/contract";
import { createWords } from "@deskside/ui/words";
import { type DesksideClient, openSession } from "../../open-session.ts";
import { systemLanguages } from "../../report-failure.ts";

export interface ModelAttachmentsOptions {
  readonly dataDir: string;
  readonly action: "attach" | "detach" | "attachments";
  /** Model; then `adapter` or `draft` with a file or model and a scale, or the id of what goes. */
  readonly words: readonly string[];
  readonly json: boolean;
}

/**
 * `deskside models attach model adapter|draft file [scale]`, `detach model id`, `attachments model`: what is loaded with
 * a model. Prints all of it afterwards. Throws what the backend throws.
 */
export async function modelAttachments({ dataDir, action, words, json }: ModelAttachmentsOptions): Promise<void> {
  const run = parse(action, words);
  await using session = await openSession(dataDir);
  const attachments = await run(session.client);
  const { format } = createWords(systemLanguages());
  const describe = ({ id, kind, name, scale, sizeBytes, purpose, problem }: Attachment) =>
    [id, kind, name, `× ${scale}`, format.bytes(sizeBytes), purpose, problem?.code].filter(Boolean).join("  ");
  const lines = attachments.map((one) => `${describe(one)}\n`).join("");
  process.stdout.write(json ? `${JSON.stringify(attachments)}\n` : lines);
}

type Run = (client: DesksideClient) => Promise<readonly Attachment[]>;

/** Before anything is opened: a wrong line changes nothing. */
function parse(action: ModelAttachmentsOptions["action"], words: readonly string[]): Run {
  const [modelId, second, source, scaleWord, ...others] = words;
  if (modelId === undefined) throw deskError("USAGE", { problem: `models ${action}: to which model?` });
  if (action === "attachments") {
    if (second !== undefined) throw deskError("USAGE", { problem: `unexpected "${second}"` });
    return (client) => client.library.attachments({ modelId });
  }
  if (action === "detach") {
    if (second === undefined || source !== undefined)
      throw deskError("USAGE", { problem: "models detach: the model and the id of what is taken off" });
    return (client) => client.library.detach({ modelId, attachmentId: second });
  }
  const kind = attachmentKinds.find((known) => known === second);
  const scale = scaleWord === undefined ? 1 : Number(scaleWord);
  if (!kind || source === undefined || others.length > 0 || !Number.isFinite(scale))
    throw deskError("USAGE", { problem: "models attach: model, adapter or draft, file or model, scale if not 1" });
  // A path is meant from where the command runs, not from where the backend does.
  const isFile = /[/\\]/.test(source) || existsSync(source);
  return (client) => client.library.attach({ modelId, kind, source: isFile ? resolve(source) : source, scale });
}
