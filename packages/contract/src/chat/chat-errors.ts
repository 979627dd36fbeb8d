import { z } from "zod";
import { defineErrors } from "../errors/define-errors.ts";

export const chatErrors = defineErrors({
  CHAT_NOT_FOUND: { kind: "not-found", data: z.object({ chatId: z.string() }) },
  FOLDER_NOT_FOUND: { kind: "not-found", data: z.object({ folderId: z.string() }) },
  MESSAGE_NOT_FOUND: { kind: "not-found", data: z.object({ messageId: z.string() }) },
  NOT_EDITABLE: { kind: "conflict", data: z.object({ messageId: z.string() }) },
});
