import { deskError } from "@deskside/contract";
import { createFakeClient } from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { change, renderChat, settle } from "../test/render-chat.tsx";

async function openPumps() {
  const fake = createFakeClient({
    pieceMs: null,
    chats: [{ title: "Pumps", turns: [["Which pump first?", "P-103 first."]] }],
  });
  const [chat] = fake.controls.world.chats.values();
  const rendered = await renderChat({ fake, chatId: chat?.id ?? "" });
  return { ...rendered, fake };
}
const log = () => within(screen.getByRole("log"));
const edit = (which: 0 | 1) => fireEvent.click(log().getAllByRole("button", { name: "Edit" })[which] as HTMLElement);
const rewrite = (label: string, text: string) =>
  fireEvent.change(screen.getByRole("textbox", { name: label }), { target: { value: text } });

describe("changing a turn", () => {
  it("asks a question again in other words, on a branch beside the first", async () => {
    const { fake } = await openPumps();
    edit(0);
    rewrite("Your message", "Which pump last?");
    fireEvent.click(screen.getByRole("button", { name: "Ask again" }));
    await settle();
    await change(() => fake.controls.finishAll());
    expect(log().getByText("Which pump last?")).toBeDefined();
    expect(log().getByText("You asked: Which pump last?")).toBeDefined();
    expect(log().queryByText("P-103 first.")).toBeNull();
    fireEvent.click(log().getByRole("button", { name: "Previous version" }));
    await settle();
    expect(log().getByText("P-103 first.")).toBeDefined();
  });

  it("keeps an answer in other words beside the model's, and says whose it is", async () => {
    await openPumps();
    edit(1);
    rewrite("The answer", "P-104 first.");
    fireEvent.keyDown(screen.getByRole("textbox", { name: "The answer" }), { key: "Enter", ctrlKey: true });
    await settle();
    expect(await log().findByText("P-104 first.")).toBeDefined();
    expect(log().getByText("Edited by you")).toBeDefined();
    expect(log().getByRole("group", { name: "Version 2 of 2" })).toBeDefined();
  });

  it("leaves everything with Esc, and does nothing where nothing was changed", async () => {
    const { controls } = await openPumps();
    edit(0);
    expect(screen.getByRole("button", { name: "Ask again" })).toHaveProperty("disabled", true);
    rewrite("Your message", "something");
    fireEvent.keyDown(screen.getByRole("textbox", { name: "Your message" }), { key: "Escape" });
    await settle();
    expect(log().getByText("Which pump first?")).toBeDefined();
    expect(controls.calls.filter(({ procedure }) => procedure === "generation.start")).toHaveLength(0);
  });

  it("keeps what was typed when it is refused", async () => {
    const { controls } = await openPumps();
    controls.failNext("generation.start", deskError("DISK_FULL", { path: "/data" }));
    edit(0);
    rewrite("Your message", "Precious words");
    fireEvent.click(screen.getByRole("button", { name: "Ask again" }));
    await settle();
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Your message" }).value).toBe("Precious words");
  });

  it("goes on in a chat of its own", async () => {
    const { deskside, fake } = await openPumps();
    const before = deskside.navigation.getState().route.id;
    fireEvent.click(log().getByRole("button", { name: "More actions" }));
    fireEvent.click(await screen.findByRole("menuitem", { name: "Go on in a new chat" }));
    await waitFor(() => expect(deskside.navigation.getState().route.id).not.toBe(before));
    const chat = fake.controls.world.chats.get(deskside.navigation.getState().route.id ?? "");
    expect(chat?.title).toBe("Pumps, continued");
    await waitFor(() => expect(log().getByText("P-103 first.")).toBeDefined());
  });
});
