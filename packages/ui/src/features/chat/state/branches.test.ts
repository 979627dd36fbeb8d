import type { Message } from "@deskside/contract";
import { describe, expect, it } from "vitest";
import { branchAsMarkdown, shownBranch, versionsOf } from "./branches.ts";

const message = (id: string, parentId: string | null, role: "user" | "assistant", createdAt = 0): Message => ({
  ...{ id, chatId: "c", parentId, role, text: `text ${id}`, reasoning: "", status: "complete", finish: "end" },
  ...{ error: null, model: null, stats: null, generationId: null, createdAt },
});

const tree = [
  message("u1", null, "user"),
  message("a1", "u1", "assistant", 1),
  message("a2", "u1", "assistant", 2),
  message("u2", "a1", "user", 3),
  message("a3", "u2", "assistant", 4),
];

describe("shownBranch", () => {
  it("leads from the first message to the leaf, past other versions", () => {
    expect(shownBranch(tree, "a3").map(({ id }) => id)).toEqual(["u1", "a1", "u2", "a3"]);
    expect(shownBranch(tree, "a2").map(({ id }) => id)).toEqual(["u1", "a2"]);
  });

  it("is empty without a leaf, ends at a missing parent, and never runs in a circle", () => {
    expect(shownBranch(tree, null)).toEqual([]);
    expect(shownBranch([message("x", "gone", "user")], "x")).toHaveLength(1);
    expect(shownBranch([message("x", "y", "user"), message("y", "x", "user")], "x")).toHaveLength(2);
  });
});

describe("versionsOf", () => {
  it("counts answers to the same turn in the order they were written", () => {
    const versions = versionsOf(tree, shownBranch(tree, "a3"));
    expect([...versions.keys()]).toEqual(["a1"]);
    expect(versions.get("a1")).toMatchObject({ position: 1, total: 2, previous: null, next: { id: "a2" } });
  });
});

it("writes a conversation as Markdown without empty turns", () => {
  const branch = [message("u", null, "user"), { ...message("a", "u", "assistant"), text: "" }];
  expect(branchAsMarkdown(branch, { you: "You", answer: "Answer" })).toBe("**You**\n\ntext u");
});
