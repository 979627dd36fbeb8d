// Owns the data directory, writes like a chat does and says each change on stdout once it was acknowledged.
import { writeSync } from "node:fs";
import { acquireDataDir } from "../data-dir/data-dir-lease.ts";
import { localUser } from "../principal.ts";
import { openIn, someStats, testModel } from "./temporary-workspace.ts";
import { writtenText } from "./written-text.ts";

const [dataDir = ""] = process.argv.slice(2);
const say = (...words: (string | number)[]) => writeSync(1, `${words.join(" ")}\n`);

const lease = await acquireDataDir(dataDir, { pid: process.pid });
lease.publish({ address: "http://127.0.0.1:1", token: "t" });
const workspace = openIn(dataDir);
workspace.messages.markInterrupted();
say("ready", workspace.quarantined === null ? "whole" : "repaired");

for (let serial = 0; ; ) {
  const chat = workspace.chats.create(localUser, { modelId: null });
  let parentId: string | null = null;
  for (let turn = 0; turn < 4; turn++) {
    const text = writtenText(chat.id, ++serial, 0);
    const user = workspace.messages.insertUser(localUser, { chatId: chat.id, parentId, text });
    say("text", user.id, chat.id, serial, 0);
    const place = { chatId: chat.id, parentId: user.id, model: testModel, params: {} };
    const { id } = workspace.messages.insertAssistant(localUser, place);
    serial++;
    for (let step = 1; step <= 4; step++) {
      const running = { messageId: id, text: writtenText(chat.id, serial, step), reasoning: "", stats: someStats };
      workspace.messages.appendRunning(localUser, running);
      say("text", id, chat.id, serial, step);
    }
    workspace.messages.finish(localUser, {
      ...{ messageId: id, status: "complete", finish: "end", error: null, stats: someStats },
      text: writtenText(chat.id, serial, 5),
    });
    say("text", id, chat.id, serial, 5);
    parentId = id;
  }
  workspace.drafts.save(localUser, "new", String(serial));
  say("draft", serial);
}
