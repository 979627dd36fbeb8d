import { deskError } from "@deskside/contract";
import { addChat, addMessage, createFakeClient } from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { change, renderChat, sendMessage, settle } from "../test/render-chat.tsx";

const day = 86_400_000;

function withChats() {
  const now = Date.now();
  const turns = [["Which pump first?", "P-103 first."]] as const;
  return createFakeClient({
    pieceMs: null,
    chats: [
      { title: "Pumps", turns, updatedAt: now },
      { title: "Leases", turns: [["Compare the clauses", "They differ."]], updatedAt: now - day },
      { title: "Old one", turns: [["Hi", "Hello"]], updatedAt: now - 90 * day },
    ],
  });
}

const row = (name: string) => screen.getByRole("link", { name: new RegExp(`^${name}`) });
const rows = () => screen.queryAllByRole("link").map((link) => link.getAttribute("title"));

async function chooseAction(title: string, action: string) {
  fireEvent.click(screen.getByRole("button", { name: `Actions for ${title}` }));
  fireEvent.click(await screen.findByRole("menuitem", { name: new RegExp(`^${action}`) }));
  await settle();
}

describe("the list of chats", () => {
  it("groups by day and opens what is clicked", async () => {
    const { deskside } = await renderChat({ fake: withChats() });
    const heads = within(screen.getByRole("navigation", { name: "Chats" })).getAllByRole("heading");
    expect(heads.slice(0, 2).map(({ textContent }) => textContent)).toEqual(["Today", "Yesterday"]);
    expect(heads).toHaveLength(3);
    fireEvent.click(row("Leases"));
    await settle();
    expect(row("Leases").getAttribute("aria-current")).toBe("page");
    expect(screen.getByText("They differ.")).toBeDefined();
    fireEvent.click(within(screen.getByLabelText("list")).getByRole("button", { name: "New chat" }));
    await settle();
    expect(deskside.navigation.getState().route.id).toBeNull();
  });

  it("is one stop in the Tab order; arrows, Home and End move in it", async () => {
    await renderChat({ fake: withChats() });
    expect(screen.getAllByRole("link").filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    row("Pumps").focus();
    fireEvent.keyDown(row("Pumps"), { key: "ArrowDown" });
    await settle();
    expect(document.activeElement).toBe(row("Leases"));
    fireEvent.keyDown(row("Leases"), { key: "End" });
    await settle();
    expect(document.activeElement).toBe(row("Old one"));
    expect(row("Old one").tabIndex).toBe(0);
  });

  it("renames in place: Enter keeps, Esc does not, and an input method's Enter is its own", async () => {
    const { controls } = await renderChat({ fake: withChats() });
    const edit = () => screen.getByRole("textbox", { name: "Title of the chat" });
    fireEvent.keyDown(row("Pumps"), { key: "F2" });
    fireEvent.change(edit(), { target: { value: "Cooling" } });
    fireEvent.keyDown(edit(), { key: "Enter", isComposing: true });
    fireEvent.keyDown(edit(), { key: "Enter" });
    await settle();
    expect(rows()).toContain("Cooling");
    expect([...controls.world.chats.values()].map(({ title }) => title)).toContain("Cooling");
    await chooseAction("Cooling", "Rename");
    fireEvent.change(edit(), { target: { value: "Nope" } });
    fireEvent.keyDown(edit(), { key: "Escape" });
    await settle();
    expect(rows()).toContain("Cooling");
  });

  it("takes a refused rename back and says why", async () => {
    const { controls } = await renderChat({ fake: withChats() });
    controls.failNext("chat.rename", deskError("STORE_READ_ONLY", { reason: "read-only-disk" }));
    fireEvent.keyDown(row("Pumps"), { key: "F2" });
    const field = screen.getByRole("textbox", { name: "Title of the chat" });
    fireEvent.change(field, { target: { value: "Cooling" } });
    fireEvent.keyDown(field, { key: "Enter" });
    await settle();
    expect(rows()).toContain("Pumps");
    await waitFor(() => expect(screen.getAllByRole("alert").length).toBeGreaterThan(0));
  });

  it("moves to the trash with undo, and leaves the chat that is gone", async () => {
    const { deskside } = await renderChat({ fake: withChats() });
    fireEvent.click(row("Pumps"));
    await settle();
    await chooseAction("Pumps", "Delete");
    expect(rows()).not.toContain("Pumps");
    expect(deskside.navigation.getState().route.id).toBeNull();
    fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await settle();
    expect(rows()).toContain("Pumps");
  });

  it("restores from the trash, and deletes for good only after asking", async () => {
    const { controls } = await renderChat({ fake: withChats() });
    fireEvent.keyDown(row("Pumps"), { key: "Delete" });
    fireEvent.keyDown(row("Leases"), { key: "Delete" });
    await settle();
    fireEvent.click(screen.getByRole("button", { name: "Trash" }));
    await settle();
    const trashed = (title: string) => within(screen.getByRole("group", { name: title }));
    fireEvent.click(trashed("Pumps").getByRole("button", { name: "Restore" }));
    fireEvent.click(trashed("Leases").getByRole("button", { name: "Delete forever" }));
    const dialog = await screen.findByRole("alertdialog");
    expect(dialog.textContent).toContain("2 messages");
    expect(controls.world.chats.size).toBe(3);
    fireEvent.click(within(dialog).getByRole("button", { name: "Delete forever" }));
    await settle();
    expect(controls.world.chats.size).toBe(2);
    fireEvent.click(screen.getByRole("button", { name: "Back to chats" }));
    await settle();
    expect(rows()).toEqual(["Pumps", "Old one"]);
  });

  it("searches titles and messages in the backend and marks the hit", async () => {
    const { controls } = await renderChat({ fake: withChats() });
    const search = screen.getByRole("searchbox");
    for (const value of ["d", "di", "differ"]) fireEvent.change(search, { target: { value } });
    await waitFor(() => expect(rows()).toEqual(["Leases"]));
    expect(controls.calls.filter(({ procedure }) => procedure === "chat.search")).toHaveLength(1);
    expect(row("Leases").querySelector(".snippet mark")?.textContent).toBe("differ");
    fireEvent.change(search, { target: { value: "nothing like it" } });
    expect(await screen.findByText("Nothing found for “nothing like it”")).toBeDefined();
    fireEvent.keyDown(search, { key: "Escape" });
    await settle();
    expect(rows()).toHaveLength(3);
  });

  it("shows which chat is answering, and that it has ended", async () => {
    const fake = withChats();
    await renderChat({ fake });
    await sendMessage("Hello");
    expect(screen.getByRole("img", { name: "Answering" })).toBeDefined();
    await change(() => fake.controls.finishAll());
    expect(screen.queryByRole("img", { name: "Answering" })).toBeNull();
    expect(rows()[0]).toBe("Hello");
  });

  it("tells how to go on when the list cannot be read", async () => {
    const fake = withChats();
    fake.controls.failNext("chat.list", deskError("PEER_GONE", { peer: "backend" }));
    await renderChat({ fake });
    expect(screen.getByText("The list of chats could not be read")).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await settle();
    expect(rows()).toHaveLength(3);
  });

  it("draws only a part of a thousand chats", async () => {
    const fake = createFakeClient({ pieceMs: null });
    for (let i = 0; i < 1_000; i++) {
      const chat = addChat(fake.controls.world, { title: `Chat ${i}` });
      addMessage(fake.controls.world, { chatId: chat.id, role: "user", text: "x" });
    }
    await renderChat({ fake });
    expect(screen.getByRole("searchbox", { name: "Search 1,000 chats" })).toBeDefined();
    expect(rows().length).toBeLessThan(300);
  });

  it("speaks Chinese", async () => {
    await renderChat({ fake: withChats(), language: "zh-CN" });
    expect(screen.getByRole("searchbox", { name: "搜索 3 个对话" })).toBeDefined();
    fireEvent.keyDown(row("Pumps"), { key: "Delete" });
    await settle();
    expect(await screen.findByText("「Pumps」已移到回收站")).toBeDefined();
  });
});
