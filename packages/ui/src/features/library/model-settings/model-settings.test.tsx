import { createFakeClient, type FakeClient, sampleMachine, sampleModels } from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { sectionTable } from "../../../app/sections.tsx";
import { renderDeskside } from "../../../test-support/render-deskside.tsx";
import { AppFrame } from "../../frame/app-frame.tsx";
import { ModelSettingsDialog } from "./model-settings-dialog.tsx";

const [model] = sampleModels.filter(({ role }) => role === "chat");
if (!model) throw new Error("no chat model among the samples");
const callsOf = (fake: FakeClient, procedure: string) =>
  fake.controls.calls.filter((call) => call.procedure === procedure).map(({ input }) => input);
const newFake = () => createFakeClient({ machine: sampleMachine({ gpus: 1 }), models: [...sampleModels] });

beforeEach(() => Object.defineProperty(window, "innerWidth", { value: 1440, configurable: true, writable: true }));

describe("settings of a model", () => {
  const open = async () => {
    const fake = newFake();
    renderDeskside(<ModelSettingsDialog model={model} onClose={() => undefined} />, { fake });
    return { fake, dialog: within(await screen.findByRole("dialog")) };
  };

  it("a number is kept when the field is left; one out of its bounds is not", async () => {
    const { fake, dialog } = await open();
    const field = await dialog.findByRole("textbox", { name: "Temperature" });
    expect(field.getAttribute("placeholder")).toBe("0.7");
    fireEvent.change(field, { target: { value: "9" } });
    fireEvent.blur(field);
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(callsOf(fake, "model.defaults.set")).toEqual([]);
    fireEvent.change(field, { target: { value: "0.2" } });
    fireEvent.blur(field);
    await waitFor(() =>
      expect(callsOf(fake, "model.defaults.set")).toMatchObject([
        { modelId: model.id, values: { sampling: { temperature: 0.2 } } },
      ]),
    );
    fireEvent.click(dialog.getByRole("button", { name: "Back to what came with it" }));
    await waitFor(() => expect(callsOf(fake, "model.defaults.reset")).toEqual([{ modelId: model.id }]));
  });

  it("a draft model is added by its name", async () => {
    const { fake, dialog } = await open();
    fireEvent.click(await dialog.findByRole("button", { name: "Draft model" }));
    fireEvent.change(dialog.getByRole("combobox", { name: /Path of a GGUF file/ }), { target: { value: "tiny" } });
    fireEvent.click(dialog.getByRole("button", { name: "Add" }));
    await waitFor(() =>
      expect(callsOf(fake, "library.attach")).toEqual([{ modelId: model.id, kind: "draft", source: "tiny" }]),
    );
  });
});

describe("switching while a model answers", () => {
  it("asks what becomes of the answer", async () => {
    const fake = newFake();
    const [first, second] = sampleModels.filter(({ role, problem }) => role === "chat" && problem === null);
    if (!first || !second) throw new Error("two chat models are needed");
    await fake.client.model.load({ modelId: first.id });
    fake.controls.world.engines = fake.controls.world.engines.map((engine) => ({ ...engine, phase: "answering" }));
    const { deskside } = renderDeskside(<AppFrame sections={sectionTable} />, { fake, hash: "#/library" });
    deskside.engines.getState().actions.replace(fake.controls.world.engines);
    deskside.engines.getState().actions.askSwitch(second.id);
    const dialog = within(await screen.findByRole("alertdialog"));
    expect(dialog.getByText(new RegExp(`${first.name} is writing an answer`))).toBeTruthy();
    fireEvent.click(dialog.getByRole("button", { name: "Stop it" }));
    await waitFor(() => expect(callsOf(fake, "model.load").at(-1)).toEqual({ modelId: second.id, running: "cancel" }));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  });
});
