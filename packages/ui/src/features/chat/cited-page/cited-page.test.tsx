import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { groundedChat, grounding } from "../test/grounded-chat.ts";
import { renderChat, settle } from "../test/render-chat.tsx";
import { citationsOf } from "./citations-of.ts";

const chips = () =>
  within(screen.getByRole("log")).getAllByRole("button", { name: /^Passage \d: plant\/handbook\.md/ });
const page = () => screen.getByRole("region", { name: "Page of handbook.md" });
/** The viewer is fetched when it is first shown. */
const findMarked = (text: string) =>
  waitFor(() => expect(page().querySelector(".doc-block.marked")?.textContent).toContain(text));

async function openFirst(gone = false) {
  const { fake, chatId } = groundedChat({ gone });
  const rendered = await renderChat({ fake, chatId });
  const [first] = chips();
  if (!first) throw new Error("no number in the answer");
  fireEvent.keyDown(first, { key: "Enter" });
  await settle(50);
  return rendered;
}

describe("the page beside the answer", () => {
  it("opens with Enter on a number, the cited sentence marked", async () => {
    await openFirst();
    await findMarked("24 months");
    expect(within(page()).getByText("Citation 1 of 2")).toBeDefined();
    expect(within(page()).getByRole("button", { name: "Previous citation" })).toHaveProperty("disabled", true);
  });

  it("steps through the citations with buttons and arrow keys, and the answer follows", async () => {
    await openFirst();
    fireEvent.click(within(page()).getByRole("button", { name: "Next citation" }));
    await settle(50);
    await findMarked("P-103");
    expect(chips().map((chip) => chip.getAttribute("aria-pressed"))).toContain("true");
    expect(within(page()).getByRole("button", { name: "Next citation" })).toHaveProperty("disabled", true);
    fireEvent.keyDown(page(), { key: "ArrowUp", altKey: true });
    await settle(50);
    await findMarked("24 months");
  });

  it("leaves the arrows alone that scroll the page", async () => {
    await openFirst();
    fireEvent.keyDown(page(), { key: "ArrowDown" });
    await settle();
    expect(within(page()).getByText("Citation 1 of 2")).toBeDefined();
  });

  it("closes back to the sources, and leads to Documents", async () => {
    const { deskside } = await openFirst();
    fireEvent.click(within(page()).getByRole("button", { name: "Close the page" }));
    await settle();
    expect(screen.getByRole("region", { name: "Details" })).toBeDefined();
    fireEvent.keyDown(chips()[0] as HTMLElement, { key: "Enter" });
    await settle(50);
    fireEvent.click(within(page()).getByRole("button", { name: "Open in Documents" }));
    expect(deskside.navigation.getState().route.section).toBe("documents");
  });

  it("shows the passage as it was when the document has gone", async () => {
    await openFirst(true);
    await waitFor(() => expect(page().querySelector("mark")).not.toBeNull());
    expect(page().querySelector("mark")?.textContent).toBe("The warranty of the X200 is 24 months.");
    expect(page().textContent).toContain("The warranty of the X300 is 36 months.");
  });

  it("opens from the sources pane too", async () => {
    const { fake, chatId } = groundedChat();
    await renderChat({ fake, chatId });
    const [name] = screen.getAllByRole("button", { name: "plant/handbook.md" });
    fireEvent.click(name as HTMLElement);
    await settle(50);
    await findMarked("24 months");
  });
});

describe("what a reopened chat is looked up in", () => {
  const scopeName = () => screen.getByRole("button", { name: /^Look it up in: / }).textContent;

  it("is what its last answer was looked up in", async () => {
    const { fake, chatId } = groundedChat();
    await renderChat({ fake, chatId });
    expect(scopeName()).toBe("Plant manuals");
  });

  it("is nothing when that collection has gone", async () => {
    const { fake, chatId } = groundedChat();
    fake.controls.world.knowledge.collections.clear();
    await renderChat({ fake, chatId });
    expect(scopeName()).toBe("No documents");
  });
});

describe("citationsOf", () => {
  it("counts a sentence once, in the order of the answer", () => {
    expect(citationsOf(grounding).map(({ source, statement }) => [source.n, statement])).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });
});
