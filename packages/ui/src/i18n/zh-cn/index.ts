import type { Translated } from "../catalogue-shape.ts";
import type { Catalogue } from "../en/index.ts";
import { chat } from "./chat.ts";
import { common } from "./everywhere.ts";
import { engine } from "./engine.ts";
import { errors } from "./errors.ts";
import { hardware } from "./hardware.ts";
import { library } from "./library.ts";
import { monitor } from "./monitor.ts";
import { settings } from "./settings.ts";
import { shell } from "./shell.ts";

export const zhCn = {
  chat,
  common,
  engine,
  errors,
  hardware,
  library,
  monitor,
  settings,
  shell,
} satisfies Translated<Catalogue>;
