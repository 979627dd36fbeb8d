import type { Translated } from "../catalogue-shape.ts";
import type { Catalogue } from "../en/index.ts";
import { bundle } from "./library/bundle.ts";
import { chat } from "./chat.ts";
import { common } from "./everywhere.ts";
import { engine } from "./engine.ts";
import { errors } from "./errors.ts";
import { hardware } from "./hardware.ts";
import { knowledge } from "./knowledge/knowledge.ts";
import { library } from "./library.ts";
import { monitor } from "./monitor.ts";
import { settings } from "./settings.ts";
import { shell } from "./shell.ts";

export const zhCn = {
  bundle,
  chat,
  common,
  engine,
  errors,
  hardware,
  knowledge,
  library,
  monitor,
  settings,
  shell,
} satisfies Translated<Catalogue>;
