import type { DesksideError } from "@deskside/base";
import type { z } from "zod";
import { benchErrors } from "../bench/bench-errors.ts";
import { chatErrors } from "../chat/chat-errors.ts";
import { engineBinariesErrors } from "../engine-binaries/engine-binaries-errors.ts";
import { engineErrors } from "../engine/engine-errors.ts";
import { generationErrors } from "../generation/generation-errors.ts";
import { hardwareErrors } from "../hardware/hardware-errors.ts";
import { knowledgeErrors } from "../knowledge/knowledge-errors.ts";
import { bundleErrors } from "../library/bundle-errors.ts";
import { libraryErrors } from "../library/library-errors.ts";
import { modelErrors } from "../model/model-errors.ts";
import { settingsErrors } from "../settings/settings-errors.ts";
import { systemErrors } from "../system/system-errors.ts";
import { createErrorFactory } from "./define-errors.ts";

/** Every code a user can meet, with its kind and the shape of its data. The interface must word each of them. */
export const errorTable = {
  ...systemErrors,
  ...chatErrors,
  ...generationErrors,
  ...hardwareErrors,
  ...modelErrors,
  ...engineErrors,
  ...engineBinariesErrors,
  ...settingsErrors,
  ...benchErrors,
  ...libraryErrors,
  ...bundleErrors,
  ...knowledgeErrors,
} as const;

export type ErrorCode = keyof typeof errorTable;
export type ErrorDataOf<C extends ErrorCode> = z.input<(typeof errorTable)[C]["data"]>;

/** `throw deskError("CHAT_NOT_FOUND", { chatId })` */
export const deskError: <C extends ErrorCode>(
  code: C,
  data: ErrorDataOf<C>,
  options?: { message?: string; cause?: unknown },
) => DesksideError = createErrorFactory(errorTable);
