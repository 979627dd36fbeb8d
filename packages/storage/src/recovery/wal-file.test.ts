import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { localUser } from "../principal.ts";
import { openIn, temporaryFolder } from "../test/temporary-workspace.ts";

const frameSize = 24 + 4096;
const files = ["workspace.db", "workspace.db-wal"] as const;

/** What a process that dies now would leave. */
function copyStore(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const file of files) copyFileSync(join(from, file), join(to, file));
}

test("what a process left of a transaction it never committed, behind the commits of the next one, is no damage", () => {
  using folder = temporaryFolder();
  const [first, second, third] = ["first", "second", "third"].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  let chatId: string;
  let log: Buffer;
  {
    using workspace = openIn(first);
    chatId = workspace.chats.create(localUser, { modelId: null }).id;
    copyStore(first, second);
    workspace.messages.insertUser(localUser, { chatId, parentId: null, text: "never committed ".repeat(8_000) });
    log = readFileSync(join(first, "workspace.db-wal"));
  }
  // Killed before the last frame, the one that commits.
  const cut = log.subarray(0, log.length - frameSize);
  writeFileSync(join(second, "workspace.db-wal"), cut);
  {
    using workspace = openIn(second);
    expect(workspace.quarantined).toBeNull();
    workspace.drafts.save(localUser, "new", "kept");
    copyStore(second, third);
  }
  const left = readFileSync(join(third, "workspace.db-wal"));
  expect(left.length, "the log was not begun anew").toBe(cut.length);
  expect(left.subarray(-4 * frameSize).equals(cut.subarray(-4 * frameSize)), "the remains are there").toBe(true);
  using workspace = openIn(third);
  expect(workspace.quarantined).toBeNull();
  expect(workspace.drafts.get(localUser, "new")).toBe("kept");
  expect(workspace.chats.getWithMessages(localUser, chatId).messages).toEqual([]);
});
