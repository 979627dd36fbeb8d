import { modelDefaultsSchema } from "@deskside/contract";
import { expect, test } from "vitest";
import { localUser } from "../principal.ts";
import { openIn, temporaryFolder } from "../test/temporary-workspace.ts";

const defaults = modelDefaultsSchema.parse({ contextSize: 2048, sampling: { topK: 5 } });
const attachment = { id: "att_1", kind: "draft" as const, source: "/models/small.gguf", scale: 1 };

test("defaults and attachments are kept by model and owner, each without touching the other", () => {
  using folder = temporaryFolder();
  const first = openIn(folder.path);
  expect(first.modelSettings.defaults(localUser, "a")).toEqual(modelDefaultsSchema.parse({}));
  expect(first.modelSettings.attachments(localUser, "a")).toEqual([]);
  first.modelSettings.setDefaults(localUser, "a", defaults);
  first.modelSettings.setAttachments(localUser, "a", [attachment]);
  first.close();
  const again = openIn(folder.path);
  expect(again.modelSettings.defaults(localUser, "a")).toEqual(defaults);
  expect(again.modelSettings.attachments(localUser, "a")).toEqual([attachment]);
  expect(again.modelSettings.defaults(localUser, "b")).toEqual(modelDefaultsSchema.parse({}));
  const stranger = { ownerId: "somebody-else" };
  expect(again.modelSettings.defaults(stranger, "a")).toEqual(modelDefaultsSchema.parse({}));
  expect(again.modelSettings.attachments(stranger, "a")).toEqual([]);
  again.modelSettings.setDefaults(localUser, "a", null);
  expect(again.modelSettings.defaults(localUser, "a")).toEqual(modelDefaultsSchema.parse({}));
  expect(again.modelSettings.attachments(localUser, "a")).toEqual([attachment]);
  again.close();
});
