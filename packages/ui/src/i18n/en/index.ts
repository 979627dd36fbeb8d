import { chat } from "./chat.ts";
import { common } from "./everywhere.ts";
import { engine } from "./engine.ts";
import { errors } from "./errors.ts";
import { hardware } from "./hardware.ts";
import { library } from "./library.ts";
import { monitor } from "./monitor.ts";
import { settings } from "./settings.ts";
import { shell } from "./shell.ts";

export const en = { chat, common, engine, errors, hardware, library, monitor, settings, shell } as const;
export type Catalogue = typeof en;
