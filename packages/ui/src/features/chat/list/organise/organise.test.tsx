import { deskError } from "@deskside/contract";
import { addMessage, createFakeClient } from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderChat, settle } from "../../test/render-chat.tsx";

const titles = ["Pumps", "Leases", "Old one"];

function withChats() {
  return createFakeClient({
    pieceMs: null,
    chats: titles.map((title) => ({ title, turns: [["Which pump?", "P-103."]] as const })),
  });
}

const list = () => within(screen.getByRole("navigation", { name: "Chats" }));
const heads = () =>
  list()
    .getAllByRole("heading")
    .map(({ textContent }) => textContent);
const rows = () =>
  list()
    .queryAllByRole("link")
    .map((link) => link.getAttribute("title"));

async function choose(title: string, action: string | RegExp) {
  fireEvent.click(screen.getByRole("button", { name: `Actions for ${title}` }));
  fireEvent.click(await screen.findByRole("menuitem", { name: action }));
  await settle();
}

describe("organising chats", () => {
  it("pins above everything, and back", async () => {
    await renderChat({ fake: withChats() });
    await choose("Old one", "Pin");
    expect(heads()).toEqual(["Pinned", "Today"]);
    expect(rows()[0]).toBe("Old one");
    await choose("Old one", "Unpin");
    expect(heads()).toEqual(["Today"]);
  });

  it("moves into a new folder, shows what is in it, and keeps the chats when it goes", async () => {
    await renderChat({ fake: withChats() });
    await choose("Leases", "Move to folder…");
    const dialog = within(screen.getByRole("dialog"));
    fireEvent.change(dialog.getByRole("textbox", { name: "New folder" }), { target: { value: "Contracts" } });
    fireEvent.click(dialog.getByRole("button", { name: "Create folder" }));
    await waitFor(() => expect(heads()).toEqual(["Folders", "Today"]));
    expect(rows()).not.toContain("Leases");
    const folder = list().getByTitle("Contracts");
    expect(folder.textContent).toContain("1");
    fireEvent.click(folder);
    expect(rows()[0]).toBe("Leases");
    await choose("Contracts", "Remove folder, keep chats");
    await waitFor(() => expect(heads()).toEqual(["Today"]));
    expect(rows()).toContain("Leases");
  });

  it("takes a chat that is dropped on a folder", async () => {
    const fake = withChats();
    const { id } = await fake.client.chat.folders.create({ name: "Contracts" });
    await renderChat({ fake });
    const data = new Map<string, string>();
    const dataTransfer = {
      setData: (type: string, value: string) => data.set(type, value),
      getData: (type: string) => data.get(type) ?? "",
      get types() {
        return [...data.keys()];
      },
    };
    fireEvent.dragStart(list().getByRole("link", { name: /^Pumps/ }), { dataTransfer });
    fireEvent.dragOver(list().getByTitle("Contracts"), { dataTransfer });
    fireEvent.drop(list().getByTitle("Contracts"), { dataTransfer });
    await settle();
    expect([...fake.controls.world.chats.values()].find(({ title }) => title === "Pumps")?.folderId).toBe(id);
  });

  it("opens and closes a folder with the arrow keys", async () => {
    const fake = withChats();
    await fake.client.chat.folders.create({ name: "Contracts" });
    await renderChat({ fake });
    const folder = list().getByTitle("Contracts");
    fireEvent.keyDown(folder, { key: "ArrowRight" });
    expect(folder.getAttribute("aria-expanded")).toBe("true");
    fireEvent.keyDown(folder, { key: "ArrowLeft" });
    expect(folder.getAttribute("aria-expanded")).toBe("false");
  });

  it("puts aside in the archive and brings back", async () => {
    await renderChat({ fake: withChats() });
    await choose("Leases", "Archive");
    expect(rows()).not.toContain("Leases");
    fireEvent.click(screen.getByRole("button", { name: "Archive" }));
    await settle();
    await choose("Leases", "Back to the list");
    expect(screen.getByText("Nothing is archived")).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Back to chats" }));
    await settle();
    expect(rows()).toContain("Leases");
  });

  it("tags, and finds by tag", async () => {
    await renderChat({ fake: withChats() });
    await choose("Pumps", "Tags…");
    const dialog = within(screen.getByRole("dialog"));
    const field = dialog.getByRole("textbox", { name: /^Add a tag/ });
    fireEvent.change(field, { target: { value: "plant" } });
    fireEvent.submit(field);
    fireEvent.change(field, { target: { value: "2026" } });
    fireEvent.click(dialog.getByRole("button", { name: "Save" }));
    await settle();
    fireEvent.click(screen.getByRole("button", { name: "Filter chats" }));
    fireEvent.click(await screen.findByRole("menuitemcheckbox", { name: "plant" }));
    await waitFor(() => expect(rows()).toEqual(["Pumps"]));
    fireEvent.click(screen.getByRole("button", { name: "Filter chats" }));
    fireEvent.click(await screen.findByRole("menuitem", { name: "Clear all filters" }));
    await waitFor(() => expect(rows()).toHaveLength(3));
  });

  it("brings back what a refusal had changed on the screen", async () => {
    const { controls } = await renderChat({ fake: withChats() });
    controls.failNext("chat.organise", deskError("DISK_FULL", { path: "/data" }));
    await choose("Leases", "Archive");
    await waitFor(() => expect(rows()).toContain("Leases"));
  });
});

describe("a message that was found", () => {
  it("is shown on its branch and marked for a moment", async () => {
    const fake = withChats();
    const { world } = fake.controls;
    const chat = [...world.chats.values()].find(({ title }) => title === "Pumps");
    const [question] = [...world.messages.values()].filter(({ chatId }) => chatId === chat?.id);
    const answer = addMessage(world, {
      ...{ chatId: chat?.id ?? "", role: "assistant", text: "A needle in another version.", finish: "end" },
      parentId: question?.id ?? null,
    });
    await fake.client.chat.selectBranch({ chatId: chat?.id ?? "", messageId: chat?.leafId ?? "" });
    await renderChat({ fake });
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: "needle version" } });
    await waitFor(() => expect(list().getAllByText("needle", { selector: "mark" })).toHaveLength(1));
    fireEvent.click(list().getByRole("link", { name: /^Pumps/ }));
    const turn = () => screen.getByRole("log").querySelector(`[data-message="${answer.id}"]`);
    await waitFor(() => expect(turn()?.className).toContain("found"));
  });
});
