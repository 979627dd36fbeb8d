import {
  createFakeClient,
  type FakeClient,
  sampleCatalogue,
  sampleCatalogueFile,
  sampleMachine,
} from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { sectionTable } from "../../../app/sections.tsx";
import { renderDeskside } from "../../../test-support/render-deskside.tsx";
import { AppFrame } from "../../frame/app-frame.tsx";

const callsOf = (fake: FakeClient, procedure: string) =>
  fake.controls.calls.filter((call) => call.procedure === procedure).map(({ input }) => input);

beforeEach(() => Object.defineProperty(window, "innerWidth", { value: 1440, configurable: true, writable: true }));

function open(hash = "#/library/installed", fake = createFakeClient({ machine: sampleMachine({ gpus: 1 }) })) {
  renderDeskside(<AppFrame sections={sectionTable} />, { fake, hash });
  return fake;
}

async function choose(entry: string) {
  fireEvent.click(await screen.findByRole("button", { name: "Bundle" }));
  fireEvent.click(await screen.findByRole("menuitem", { name: entry }));
  return within(await screen.findByRole("dialog"));
}

it("an import shows who made the bundle and what is in it, and copies nothing before the fingerprint was compared", async () => {
  const fake = open();
  const dialog = await choose("Import a bundle…");
  fireEvent.change(dialog.getByRole("textbox"), { target: { value: "/media/usb/a.deskside-bundle" } });
  fireEvent.click(dialog.getByRole("button", { name: "Look into it" }));
  expect(await dialog.findByText("This fingerprint was never confirmed here")).toBeTruthy();
  expect(dialog.getByText(/^ff10 /)).toBeTruthy();
  expect(dialog.getByText("Sample-7B")).toBeTruthy();
  expect(dialog.getByText("3 settings")).toBeTruthy();
  const confirm = dialog.getByRole("button", { name: "Import" });
  expect(confirm).toHaveProperty("disabled", true);
  fireEvent.click(dialog.getByRole("checkbox", { name: "I compared the fingerprint" }));
  fireEvent.click(confirm);
  expect(await screen.findByText("1 model was imported")).toBeTruthy();
  expect(callsOf(fake, "library.bundle.import")).toMatchObject([{ trust: expect.stringMatching(/^ff10 /) }]);
});

it("another path is another bundle: it has to be looked at and confirmed again", async () => {
  open();
  const dialog = await choose("Import a bundle…");
  const path = dialog.getByRole("textbox");
  fireEvent.change(path, { target: { value: "/a" } });
  fireEvent.click(dialog.getByRole("button", { name: "Look into it" }));
  fireEvent.click(await dialog.findByRole("checkbox", { name: "I compared the fingerprint" }));
  fireEvent.change(path, { target: { value: "/b" } });
  expect(dialog.queryByRole("button", { name: "Import" })).toBeNull();
  expect(dialog.getByRole("button", { name: "Look into it" })).toBeTruthy();
});

it("an export shows the own fingerprint and writes what was chosen", async () => {
  const fake = open();
  const dialog = await choose("Export a bundle…");
  expect(await dialog.findByText(/^0010 /)).toBeTruthy();
  const confirm = dialog.getByRole("button", { name: "Export" });
  fireEvent.change(dialog.getByRole("textbox"), { target: { value: "/media/usb/out" } });
  expect(confirm).toHaveProperty("disabled", true);
  const [first] = await dialog.findAllByRole("checkbox");
  if (first) fireEvent.click(first);
  fireEvent.click(confirm);
  expect(await screen.findByText(/The bundle is written/)).toBeTruthy();
  const [wish] = callsOf(fake, "library.bundle.export");
  expect(wish).toMatchObject({ path: "/media/usb/out", settings: false, catalogue: false });
  expect((wish as { models: string[] }).models).toHaveLength(1);
});

it("Discover says where the catalogue is from, and takes a newer one from a file", async () => {
  const fake = open("#/library");
  expect(await screen.findByText("Came with this version.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Update from a file…" }));
  const dialog = within(await screen.findByRole("dialog"));
  fireEvent.change(dialog.getByRole("textbox"), { target: { value: " /media/usb/new.deskside-catalogue " } });
  fireEvent.click(dialog.getByRole("button", { name: "Update" }));
  await waitFor(() =>
    expect(callsOf(fake, "library.catalogueUpdate")).toEqual([{ path: "/media/usb/new.deskside-catalogue" }]),
  );
  expect(await screen.findByText(/The catalogue is already that of/)).toBeTruthy();
});

it("the table of files has a column for the loss only where it was measured", async () => {
  const qualityLoss = {
    ...{ deltaPerplexity: 0.175482, klDivergence: 0.03, imatrix: false, model: "Llama 3 8B" },
    source: "https://example.org/perplexity",
  };
  const catalogue = sampleCatalogue();
  const [first, ...others] = catalogue.entries;
  if (!first) throw new Error("no entries");
  const files = [sampleCatalogueFile({ qualityLoss }), sampleCatalogueFile({ quantization: "NVFP4" })];
  const fake = createFakeClient({
    machine: sampleMachine({ gpus: 1 }),
    catalogue: { ...catalogue, entries: [{ ...first, files }, ...others] },
  });
  open("#/library/model%3Ar1-distill-qwen-14b", fake);
  const cell = await screen.findByText("+0.175");
  expect(cell.getAttribute("title")).toContain("Llama 3 8B");
  expect(screen.getByRole("columnheader", { name: "Quality loss" })).toBeTruthy();
});
