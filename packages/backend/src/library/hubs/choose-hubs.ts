import { isAbsolute } from "node:path";
import { deskError, type HubInfo } from "@deskside/contract";
import { parseModelReference } from "@deskside/model-library";

/** Hubs that can be named by id. */
const knownHubs: readonly HubInfo[] = [
  { id: "huggingface", kind: "huggingface", baseUrl: "https://huggingface.co", configured: false },
  { id: "hf-mirror.com", kind: "huggingface", baseUrl: "https://hf-mirror.com", configured: false },
  { id: "modelscope", kind: "modelscope", baseUrl: "https://www.modelscope.cn", configured: false },
];

export interface HubSettings {
  /** `library.hubUrl`. */
  readonly hubUrl: string | null;
  /** `library.mirrors`: ids or base addresses. */
  readonly mirrors: readonly string[];
  /** As other programs read it: HF_ENDPOINT. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The hub of the settings (else HF_ENDPOINT, else huggingface.co), then the mirrors; each once. */
export function configuredHubs({ hubUrl, mirrors, env }: HubSettings): HubInfo[] {
  const endpoint = env["HF_ENDPOINT"]?.trim();
  const names = [hubUrl ?? (endpoint || "huggingface"), ...mirrors];
  const found = names.map(parseHub);
  return found.filter((hub, index) => found.findIndex(({ baseUrl }) => baseUrl === hub.baseUrl) === index);
}

/** A hub by what `listHubs` and `hubName` call it, or as `parseHub` reads it. */
export function findHub(text: string, settings: HubSettings): HubInfo {
  return configuredHubs(settings).find(({ id }) => id === text) ?? parseHub(text);
}

/** What a hub is called where its answer is handed on: a text that `parseHub` reads as the same hub. */
export function hubName(id: string, address: string): string {
  return knownHubs.some((known) => known.id === id && known.baseUrl === address) ? id : address;
}

/** All that a person can choose from. */
export function listHubs(settings: HubSettings): HubInfo[] {
  const configured = configuredHubs(settings);
  return [...configured, ...knownHubs.filter((hub) => configured.every(({ baseUrl }) => baseUrl !== hub.baseUrl))];
}

/**
 * A hub by its id, base address or, for a folder, its absolute path. Throws INVALID_INPUT for what is none of them, and
 * for an address that holds a name and password.
 */
export function parseHub(text: string): HubInfo {
  const known = knownHubs.find(({ id, baseUrl }) => id === text || baseUrl === trimSlashes(text));
  if (known) return known;
  if (isAbsolute(text)) return { id: text, kind: "folder", baseUrl: text, configured: true };
  const url = URL.parse(text);
  const isHttp = url?.protocol === "https:" || url?.protocol === "http:";
  if (!url || !isHttp || url.username !== "" || url.password !== "") {
    const message = `"${text}" is neither a known hub nor an http(s) address`;
    throw deskError("INVALID_INPUT", { issues: [{ path: "hub", message }] }, { message });
  }
  const kind = /(^|\.)modelscope\.(cn|ai)$/.test(url.hostname) ? "modelscope" : "huggingface";
  return { id: url.host, kind, baseUrl: trimSlashes(`${url.origin}${url.pathname}`), configured: true };
}

/** The address of a hub by its id, address or host; null for what is none of them. */
export function hubAddress(text: string): string | null {
  const spellings = [text, `https://${text}`, `https://www.${text}`].map(trimSlashes);
  const known = knownHubs.find(({ id, baseUrl }) => id === text || spellings.includes(baseUrl));
  if (known) return known.baseUrl;
  const isHost = /^(\[[\da-f:.]+\]|[^\s/?#@:\\[\]]+)(:\d{1,5})?$/i.test(text);
  const url = isHost ? URL.parse(`https://${text}`) : /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  return url && url.username === "" && url.password === "" ? url.href : null;
}

function trimSlashes(text: string): string {
  return text.replace(/\/+$/, "");
}

/** What a person means by a repository: `owner/repo`, with `:quantization`, or an address copied from a browser. */
export interface RepositoryWish {
  readonly repo: string;
  readonly file: string | null;
  readonly revision: string | null;
  readonly hub: string | null;
}

/** What was given beside the text wins. A text that is none is left as it is: the hub then says so. */
export function readWish<W extends RepositoryWish>(wish: W): W {
  const reference = parseModelReference(wish.repo);
  if (!reference) return wish;
  if (reference.kind === "url") return { ...wish, repo: reference.url };
  const { repo, wanted, revision, baseUrl } = reference;
  return { ...wish, repo, file: wish.file ?? wanted, revision: wish.revision ?? revision, hub: wish.hub ?? baseUrl };
}

/** A repository given as the address of one file, such as `https://host/folder/model.gguf`. */
export function isFileAddress(repo: string): boolean {
  return /^https?:\/\//i.test(repo);
}
