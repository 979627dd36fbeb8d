import { deskError, type HubToken } from "@deskside/contract";
import { createWords } from "@deskside/ui/words";
import { openSession } from "../../open-session.ts";
import { readSecret } from "../../read-secret.ts";
import { systemLanguages } from "../../report-failure.ts";

export interface ModelTokensOptions {
  readonly dataDir: string;
  /** `list`, or `set` and `remove` with a hub. */
  readonly words: readonly string[];
  readonly json: boolean;
}

/**
 * `deskside models token …`: tokens for repositories that want an account. One is read from stdin and never from the
 * command line, which process lists and the shell's history would keep. Throws what the backend throws.
 */
export async function modelTokens({ dataDir, words, json }: ModelTokensOptions): Promise<void> {
  const [action = "list", host, ...others] = words;
  if (!["list", "set", "remove"].includes(action))
    throw deskError("USAGE", { problem: "models token: there are list, set, remove" });
  if ((host === undefined) !== (action === "list"))
    throw deskError("USAGE", {
      problem: `models token ${action}: ${host === undefined ? "for which hub?" : "takes no hub"}`,
    });
  // Not repeated: it may be the token.
  if (others.length > 0) throw deskError("USAGE", { problem: "models token set: the token is read from stdin" });
  const token = action === "set" ? await readSecret(host ?? "") : "";
  await using session = await openSession(dataDir);
  const { tokens } = session.client.library;
  if (action === "list") return print(json, await tokens.list());
  if (action === "set") return print(json, await tokens.set({ host: host ?? "", token }));
  await tokens.remove({ host: host ?? "" });
  print(json, await tokens.list());
}

function print(json: boolean, value: HubToken | readonly HubToken[]): void {
  const { format } = createWords(systemLanguages());
  const describe = ({ host, lastFour, savedAt }: HubToken) =>
    `${host}  …${lastFour}  ${savedAt === null ? "HF_TOKEN" : format.dateTime(savedAt)}`;
  const lines = Array.isArray(value) ? value.map(describe) : [describe(value as HubToken)];
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(""));
}
