import { parseArgs } from "node:util";
import { isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { ask } from "./commands/ask.ts";
import { bench } from "./commands/bench.ts";
import { docs } from "./commands/docs.ts";
import { docsServer } from "./commands/docs-server.ts";
import { doctor } from "./commands/doctor.ts";
import { engines } from "./commands/engines.ts";
import { fit } from "./commands/fit.ts";
import { modelBundles } from "./commands/models/model-bundles.ts";
import { modelCatalogue } from "./commands/models/model-catalogue.ts";
import { models } from "./commands/models/models.ts";
import { serve } from "./commands/serve.ts";
import { dataDirOf } from "./places.ts";
import { reportFailure } from "./report-failure.ts";
import { versions } from "./versions.ts";

const help = `deskside ${versions.deskside}

  deskside serve [--host 127.0.0.1] [--port n]            serve the interface on this computer
  deskside ask "question" [--model id-or-file] [--collection name]...
                                                     ask once, the answer goes to stdout
  deskside doctor [--fixture folder]                 what this machine is, what runs on it, and whether all is in order
  deskside fit model-or-file[:quantization] [--context n] [--slots n] [--fixture folder]
                                                     what a model would take and how fast it would be
  deskside bench model-or-file [--no-threads] [--csv]
                                                     measure a model on this machine, beside the prediction
  deskside engines [list | fetch cuda | test cuda]   the engine's programs for graphics devices

  deskside docs [add collection paths... [--scrub] [--no-wait] | list | status collection
                 | search collection "words" [--limit n] | remove collection [paths...]] [--server]
                                                     collections of documents; "-" as the words: one query per line of
                                                     stdin; --server: those in the team's PostgreSQL
  deskside docs server [show | set | test | remove]  that PostgreSQL, with pgvector; set reads its address from stdin
  deskside models [list | search words [--hub h] | show model | pull owner/repo[:quantization or file]
                   | mirrors owner/repo[:quantization or file]
                   | import file-or-folder | verify model | test model | rollback model | remove model]
                  [--hub id-or-address] [--revision r] [--file-host host[:port]]
                                                     find, fetch, check and remove models
  deskside models attach model adapter|draft file [scale] | detach model id | attachments model
                                                    LoRA adapters and a draft model for a model
  deskside models token [list | set host | remove host]
                                                     tokens of hubs, for gated models; set reads it from stdin
  deskside models bundle [export file [--model id]... [--settings] [--catalogue]
                          | inspect file | import file [--trust fingerprint]]
                                                     one file for computers without a network
  deskside models catalogue [show | update file | sign private-key.pem new-file]
                                                     the catalogue of models, and newer ones from a signed file

  --json                 one JSON value on stdout, errors too
  --data-dir folder      where chats and settings are (also DESKSIDE_DATA_DIR)
`;

const options = {
  host: { type: "string" },
  port: { type: "string" },
  model: { type: "string", multiple: true },
  settings: { type: "boolean" },
  catalogue: { type: "boolean" },
  trust: { type: "string" },
  collection: { type: "string", multiple: true },
  limit: { type: "string" },
  "no-wait": { type: "boolean" },
  scrub: { type: "boolean" },
  server: { type: "boolean" },
  context: { type: "string" },
  slots: { type: "string" },
  fixture: { type: "string" },
  "no-threads": { type: "boolean" },
  csv: { type: "boolean" },
  hub: { type: "string" },
  revision: { type: "string" },
  "file-host": { type: "string", multiple: true },
  json: { type: "boolean" },
  "data-dir": { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parse(args);
  if (values.version) return void process.stdout.write(`${versions.deskside}\n`);
  const [command, ...rest] = positionals;
  if (values.help || command === undefined || command === "help") return void process.stdout.write(help);
  const dataDir = dataDirOf(values["data-dir"]);
  const json = values.json ?? false;
  if (command === "serve") {
    expectWords(rest, 0);
    return serve({ dataDir, host: values.host ?? "127.0.0.1", port: portOf(values.port), json });
  }
  if (command === "ask") {
    expectWords(rest, 1);
    return ask({
      dataDir,
      question: rest[0] as string,
      model: values.model?.at(-1) ?? null,
      collections: values.collection ?? [],
      json,
    });
  }
  if (command === "docs") {
    const [action, ...words] = rest;
    const limit = values.limit === undefined ? null : countOf(values.limit, "--limit");
    const { "no-wait": noWait = false, scrub = false, server = false } = values;
    if (action === "server") return docsServer({ dataDir, words, json });
    return docs({ dataDir, action, words, limit, noWait, scrub, server, json });
  }
  if (command === "doctor") {
    expectWords(rest, 0);
    return doctor({ dataDir, json, fixture: values.fixture ?? null });
  }
  if (command === "fit") {
    expectWords(rest, 1, "the model or file");
    const contextSize = values.context === undefined ? null : countOf(values.context, "--context");
    const slots = values.slots === undefined ? 1 : countOf(values.slots, "--slots");
    const [model] = rest as [string];
    return fit({ dataDir, model, contextSize, slots, fixture: values.fixture ?? null, json });
  }
  if (command === "engines") {
    if (rest.length > 2) expectWords(rest, 2);
    return engines({ dataDir, action: rest[0], api: rest[1], json });
  }
  if (command === "models") {
    const [action, ...words] = rest;
    const { hub = null, revision = null, "file-host": fileHosts = [], trust = null } = values;
    const { model: chosen = [], settings = false, catalogue = false } = values;
    if (action === "bundle") return modelBundles({ dataDir, words, models: chosen, settings, catalogue, trust, json });
    if (action === "catalogue") return modelCatalogue({ dataDir, words, json });
    return models({ dataDir, action, words, hub, revision, fileHosts, json });
  }
  if (command === "bench") {
    expectWords(rest, 1, "the model or file");
    const format = json ? "json" : values.csv ? "csv" : "text";
    return bench({ dataDir, model: rest[0] as string, threads: !values["no-threads"], format });
  }
  throw deskError("USAGE", { problem: `unknown command "${command}"` });
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (cause) {
    throw deskError("USAGE", { problem: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

function expectWords(words: readonly string[], count: number, missing = "a question in quotes"): void {
  if (words.length === count) return;
  const problem = words.length > count ? `unexpected "${words[count]}"` : `${missing} is missing`;
  throw deskError("USAGE", { problem });
}

function countOf(text: string, option: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw deskError("USAGE", { problem: `${option}: "${text}" is no count` });
  return count;
}

/** 0 = any free port: several data directories can be served side by side. */
function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw deskError("USAGE", { problem: `"${text}" is not a port` });
  return port;
}

const args = process.argv.slice(2);
// A reader that closed our stdout early (`| head`) is no failure.
process.stdout.on("error", (error) => process.exit(isDesksideError(error) ? 1 : 0));
try {
  await main(args);
  // Children and sockets are gone; a timer of a library may not keep the command.
  process.exitCode ??= 0;
} catch (error) {
  process.exitCode = reportFailure(error, args.includes("--json"));
}
