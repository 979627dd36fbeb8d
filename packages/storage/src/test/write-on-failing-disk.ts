// Makes and renames chats while the system calls under it fail, and tells at the end what it was told.
import { writeSync } from "node:fs";
import { isDesksideError } from "@deskside/base";
import { localUser } from "../principal.ts";
import { openIn } from "./temporary-workspace.ts";

const [dataDir = ""] = process.argv.slice(2);
const acknowledged: string[] = [];
const codes: string[] = [];
let readable = 0;
let readOnly: string | null = null;
try {
  const workspace = openIn(dataDir);
  for (let index = 0; index < 12; index++) {
    try {
      const title = `chat ${index}`;
      workspace.transaction(() => {
        const chat = workspace.chats.create(localUser, { modelId: null });
        workspace.chats.rename(localUser, chat.id, title);
      });
      acknowledged.push(title);
    } catch (error) {
      if (!isDesksideError(error)) throw error;
      codes.push(error.code);
    }
  }
  readable = workspace.chats.list(localUser).length;
  readOnly = workspace.readOnly;
} catch (error) {
  // The failure met the opening itself: nothing was acknowledged.
  if (!isDesksideError(error)) throw error;
}
writeSync(1, JSON.stringify({ acknowledged, codes, readable, readOnly }));
