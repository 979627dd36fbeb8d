import { deskError, type TeamServer, type TeamServerFacts } from "@deskside/contract";
import { openSession } from "../open-session.ts";
import { readSecret } from "../read-secret.ts";

export interface DocsServerOptions {
  readonly dataDir: string;
  readonly words: readonly string[];
  readonly json: boolean;
}

const actions = ["show", "set", "test", "remove"] as const;

/**
 * `deskside docs server …`: the PostgreSQL of a team. Its address with the password is read from stdin. Throws what the
 * backend throws.
 */
export async function docsServer({ dataDir, words, json }: DocsServerOptions): Promise<void> {
  const [wanted = "show", ...others] = words;
  const action = actions.find((one) => one === wanted);
  if (!action) throw deskError("USAGE", { problem: `docs server: there are ${actions.join(", ")}` });
  // Not repeated: it may hold the password.
  if (others.length > 0) throw deskError("USAGE", { problem: `docs server ${action}: the address is read from stdin` });
  const connectionString = action === "set" ? await readSecret("postgres://name:password@host:port/database") : "";
  await using session = await openSession(dataDir);
  const { server } = session.client.knowledge;
  const say = (value: TeamServer | TeamServerFacts, line: string) =>
    void process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${line}\n`);
  if (action === "test") {
    const facts = await server.test({});
    return say(facts, `PostgreSQL ${facts.server}\tpgvector ${facts.vectors}\t${facts.encrypted ? "TLS" : "–"}`);
  }
  const view =
    action === "show"
      ? await server.get()
      : action === "set"
        ? await server.set({ connectionString })
        : await server.remove();
  say(view, view.address ?? "–");
}
