import { chat } from "./chat.ts";
import { common } from "./everywhere.ts";
import { errors } from "./errors.ts";
import { settings } from "./settings.ts";
import { shell } from "./shell.ts";

export const en = { chat, common, errors, settings, shell } as const;
export type Catalogue = typeof en;
