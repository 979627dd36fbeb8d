import { deskError } from "@deskside/contract";
import { createFakeClient } from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderChat, sendMessage, settle } from "../../test/render-chat.tsx";
import { normalised, presetOf, withPreset } from "./sampling-presets.ts";

async function openMenu() {
  const fake = createFakeClient({ pieceMs: null, chats: [{ title: "Pumps", turns: [["Which?", "P-103."]] }] });
  const [chat] = fake.controls.world.chats.values();
  const chatId = chat?.id ?? "";
  const rendered = await renderChat({ fake, chatId });
  fireEvent.click(tool());
  return { ...rendered, chatId, steering: () => fake.controls.world.chats.get(chatId)?.steering };
}
const tool = () => screen.getByRole("button", { name: /^How answers are written: / });
const form = () => within(screen.getByRole("dialog", { name: "How answers are written" }));
const commit = (field: HTMLElement, value: string) => {
  fireEvent.change(field, { target: { value } });
  fireEvent.blur(field);
};

describe("steering a chat", () => {
  it("by plain names, and back to how the model comes", async () => {
    const { steering } = await openMenu();
    fireEvent.click(form().getByRole("button", { name: "Precise" }));
    await settle();
    expect(steering()?.sampling).toEqual({ temperature: 0.2, topP: 0.9 });
    expect(tool().textContent).toBe("Precise");
    fireEvent.click(form().getByRole("button", { name: "Back to how the model comes" }));
    await settle();
    expect(steering()).toBeNull();
    expect(tool().textContent).toBe("Balanced");
  });

  it("by exact values; what does not fit is said and not taken", async () => {
    const { steering } = await openMenu();
    fireEvent.click(form().getByRole("button", { name: "Show exact values" }));
    commit(form().getByRole("textbox", { name: "Temperature" }), "9");
    expect(form().getByText("0 to 5")).toBeDefined();
    expect(steering()).toBeNull();
    commit(form().getByRole("textbox", { name: "Temperature" }), "0,5");
    await settle();
    commit(form().getByRole("textbox", { name: "Seed" }), "7");
    await settle();
    expect(steering()?.sampling).toEqual({ temperature: 0.5, seed: 7 });
    expect(tool().textContent).toBe("Own values");
    commit(form().getByRole("textbox", { name: "Stop at these texts" }), "END\n\nEND\nUser:");
    await settle();
    expect(steering()?.sampling.stop).toEqual(["END", "User:"]);
  });

  it("by instructions; blank ones are none", async () => {
    const { steering } = await openMenu();
    const field = form().getByRole("textbox", { name: "Instructions for this chat" });
    commit(field, "In one sentence.");
    await settle();
    expect(steering()).toEqual({ instructions: "In one sentence.", sampling: {} });
    commit(field, "  ");
    await settle();
    expect(steering()).toBeNull();
  });

  it("what is chosen before a chat exists goes into it, and not into the next one", async () => {
    const fake = createFakeClient({ pieceMs: null });
    const { controls } = await renderChat({ fake });
    fireEvent.click(tool());
    fireEvent.click(form().getByRole("button", { name: "Free" }));
    await settle();
    await sendMessage("Hello");
    const start = controls.calls.find(({ procedure }) => procedure === "generation.start");
    expect(start?.input).toMatchObject({ steering: { sampling: { temperature: 1 } } });
    expect(tool().textContent).not.toBe("Free");
  });

  it("comes back when it is refused", async () => {
    const { controls } = await openMenu();
    controls.failNext("chat.steer", deskError("DISK_FULL", { path: "/data" }));
    fireEvent.click(form().getByRole("button", { name: "Precise" }));
    await waitFor(() => expect(tool().textContent).toBe("Balanced"));
  });
});

describe("presets", () => {
  it("are recognised whatever else is set, and keep it", () => {
    const sampling = { seed: 3, stop: ["x"], maxTokens: 9, temperature: 0.77 };
    expect(presetOf(sampling)).toBeNull();
    const precise = withPreset(sampling, "precise");
    expect(precise).toEqual({ seed: 3, stop: ["x"], maxTokens: 9, temperature: 0.2, topP: 0.9 });
    expect(presetOf(precise)).toBe("precise");
    expect(presetOf({ seed: 1 })).toBe("balanced");
  });

  it("nothing set is null", () => {
    expect(normalised({ instructions: " \n", sampling: {} })).toBeNull();
    expect(normalised({ instructions: null, sampling: { seed: 1 } })).toEqual({
      instructions: null,
      sampling: { seed: 1 },
    });
  });
});
