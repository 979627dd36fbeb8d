import { z } from "zod";
import { kvTypes } from "../hardware/fit-schemas.ts";

const httpUrl = z.url({ protocol: /^https?$/ }).max(500);
const proxyUrl = z
  .url({
    protocol: /^https?$/,
    error: 'an address such as http://proxy.example:3128, or "none"; SOCKS is not supported',
  })
  .max(500);

/** In either of the ways in which an address can carry one. */
const holdsPassword = /^[a-z]+:\/\/[^/?#:]*:[^/?#]*@|[?&]password=/i;

/** The password is kept apart from it. */
const teamServerUrl = z
  .url({ protocol: /^postgres(ql)?$/, error: "an address such as postgres://name@db.example/team" })
  .max(1000)
  .refine((text) => !holdsPassword.test(text), { error: "without a password" });

const minuteOfDay = z.number().int().min(0).max(1439);

/** Every setting: its schema is its documentation, its default is what a new user gets. */
export const settingSchemas = {
  "general.language": z.enum(["system", "en", "zh-CN"]).default("system"),
  "general.theme": z.enum(["system", "light", "dark"]).default("system"),
  "general.density": z.enum(["comfortable", "compact"]).default("comfortable"),
  /** Interface zoom in percent. */
  "general.zoom": z.number().int().min(80).max(200).default(100),
  /** What sends a message; the other combination makes a new line. */
  "general.sendKey": z.enum(["enter", "ctrl-enter"]).default("enter"),
  /** Null = chosen by language of the conversation and what is installed. */
  "general.defaultModel": z.string().nullable().default(null),
  "general.showReasoning": z.boolean().default(true),
  /** "auto": the fastest device that was tested. "cpu": never a GPU. */
  "hardware.device": z.enum(["auto", "cpu", "cuda", "vulkan", "metal"]).default("auto"),
  /** Null = as many as fit. */
  "hardware.gpuLayers": z.number().int().min(0).max(1000).nullable().default(null),
  /** Null = what the model and the memory allow. Tokens. */
  "hardware.contextSize": z.number().int().min(256).max(4_194_304).nullable().default(null),
  "hardware.kvType": z.enum(["auto", ...kvTypes]).default("auto"),
  /** Null = measured on this machine. */
  "hardware.threads": z.number().int().min(1).max(512).nullable().default(null),
  /** Video memory and RAM left to other programs. Bytes. */
  "hardware.keepFreeBytes": z
    .number()
    .int()
    .min(0)
    .default(1024 ** 3),
  /** Null = as HTTPS_PROXY, HTTP_PROXY, ALL_PROXY say; "none"; or an address with name and password if needed. */
  "network.proxy": z
    .union([z.literal("none"), proxyUrl])
    .nullable()
    .default(null),
  /** Base address of a hub that speaks Hugging Face's API; null = huggingface.co. */
  "library.hubUrl": httpUrl.nullable().default(null),
  /** Tried in this order when the hub does not answer: ids of known hubs or base addresses. */
  "library.mirrors": z.array(z.string().min(1).max(500)).max(10).default([]),
  /** `host` or `host:port` in the own network that a configured hub may hand out files from. */
  "library.privateFileHosts": z.array(z.string().min(1).max(300)).max(20).default([]),
  /** Folders for models beside the one in the data directory. Absolute paths. */
  "library.folders": z.array(z.string().min(1).max(4096)).max(20).default([]),
  /** Fingerprints of installations whose bundles were confirmed here: the next one is not asked about. */
  "library.trustedBundles": z
    .array(z.string().regex(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/))
    .max(100)
    .default([]),
  /** All downloads together, bytes a second; null = as fast as it goes. */
  "library.bytesPerSecond": z.number().int().min(10_000).nullable().default(null),
  "library.parallelDownloads": z.number().int().min(1).max(8).default(2),
  /** When downloads run: minutes of the local day; `from` after `to` goes over midnight. Null = always. */
  "library.downloadHours": z.object({ from: minuteOfDay, to: minuteOfDay }).nullable().default(null),
  /** How long a loaded model may be idle; null = until something else needs the memory. */
  "library.keepWarmMinutes": z.number().int().min(1).max(10_080).nullable().default(null),
  /** Id of the installed embedding model that documents are searched by; null = the built-in one. */
  "knowledge.embeddingModel": z.string().min(1).max(4096).nullable().default(null),
  /** PostgreSQL with pgvector for a team's collections: `postgres://name@host:port/database?sslrootcert=…`; null = none. */
  "knowledge.server": teamServerUrl.nullable().default(null),
} as const;

export type SettingKey = keyof typeof settingSchemas;
export type SettingValue<K extends SettingKey> = z.infer<(typeof settingSchemas)[K]>;
export type Settings = { [K in SettingKey]: SettingValue<K> };

export const settingKeys = Object.keys(settingSchemas) as SettingKey[];
export const settingKeySchema = z.enum(settingKeys as [SettingKey, ...SettingKey[]]);

export const settingEntrySchema = z.object({
  key: settingKeySchema,
  value: z.unknown(),
  defaultValue: z.unknown(),
  /** Fixed by the organisation's policy: shown with a lock, cannot be changed. */
  locked: z.boolean(),
});
export type SettingEntry = z.infer<typeof settingEntrySchema>;

export const defaultSettings: Settings = Object.fromEntries(
  settingKeys.map((key) => [key, settingSchemas[key].parse(undefined)]),
) as Settings;
