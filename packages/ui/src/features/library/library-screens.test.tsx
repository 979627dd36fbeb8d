import { deskError } from "@deskside/contract";
import {
  createFakeClient,
  type FakeClient,
  sampleCatalogue,
  sampleCatalogueFile,
  sampleDownload,
  sampleEntry,
  sampleMachine,
  sampleModels,
  sampleStorage,
  sampleStoredModel,
} from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { sectionTable } from "../../app/sections.tsx";
import { type RenderOptions, renderDeskside } from "../../test-support/render-deskside.tsx";
import { AppFrame } from "../frame/app-frame.tsx";

const render = (options: RenderOptions) => renderDeskside(<AppFrame sections={sectionTable} />, options);
const callsOf = (fake: FakeClient, procedure: string) =>
  fake.controls.calls.filter((call) => call.procedure === procedure).map(({ input }) => input);

beforeEach(() => Object.defineProperty(window, "innerWidth", { value: 1440, configurable: true, writable: true }));

describe("Discover", () => {
  const open = (fake = createFakeClient({ machine: sampleMachine({ gpus: 1 }) }), hash = "#/library") => {
    render({ fake, hash });
    return fake;
  };
  const rows = async () => within(await screen.findByRole("navigation", { name: "Models of the catalogue" }));

  it("lists what runs here by how it fits, says how much is hidden, and shows it when asked", async () => {
    open();
    const list = await rows();
    expect(await list.findByRole("link", { name: /R1-Distill-Qwen-14B.*38.*Fits/ })).toBeTruthy();
    expect(list.getByRole("link", { name: /Coder-33B.*Uses RAM/ })).toBeTruthy();
    expect(list.queryByRole("link", { name: /Giant/ })).toBeNull();
    fireEvent.click(list.getByRole("button", { name: /Needs a larger machine.*1 hidden/ }));
    expect(list.getByRole("link", { name: /Giant.*37 B active|Giant-671B.*–.*Too large/ })).toBeTruthy();
  });

  it("narrows while somebody types and moves through the rows by arrow keys", async () => {
    open();
    const list = await rows();
    const first = await list.findByRole("link", { name: /R1-Distill/ });
    first.focus();
    fireEvent.keyDown(first, { key: "ArrowDown" });
    await waitFor(() => expect(document.activeElement?.textContent).toContain("Coder-33B"));
    fireEvent.change(screen.getByRole("searchbox", { name: "Search models" }), { target: { value: "coder" } });
    expect(list.queryByRole("link", { name: /R1-Distill/ })).toBeNull();
    expect(list.getByRole("link", { name: /Coder-33B/ })).toBeTruthy();
  });

  it("asks a hub only when that was wanted", async () => {
    const fake = open();
    const list = await rows();
    fireEvent.change(await screen.findByRole("searchbox", { name: "Search models" }), { target: { value: "phi" } });
    const ask = await list.findByRole("button", { name: /Search “phi” on huggingface.co/ });
    expect(callsOf(fake, "library.search")).toEqual([]);
    fireEvent.click(ask);
    expect(await list.findByRole("link", { name: /sample\/phi-GGUF/ })).toBeTruthy();
    expect(callsOf(fake, "library.search")).toEqual([{ query: "phi", hub: null }]);
  });

  it("shows every file of a model with a reason for the best, and gets the one that was chosen at its revision", async () => {
    const fake = open(undefined, "#/library/model%3Ar1-distill-qwen-14b");
    expect(await screen.findByText("Q4_K_M is the best choice for this machine")).toBeTruthy();
    fireEvent.click(await screen.findByRole("button", { name: "Get R1-Distill-Qwen-14B Q8_0" }));
    await waitFor(() => expect(callsOf(fake, "library.download.start")).toHaveLength(1));
    expect(callsOf(fake, "library.download.start")[0]).toMatchObject({
      ...{ repo: "sample/R1-Distill-Qwen-14B-GGUF", revision: "c0ffee", hub: null },
    });
    expect(await screen.findByText(/is being downloaded/)).toBeTruthy();
  });

  it("asks for other predictions when another context is chosen", async () => {
    const fake = open(undefined, "#/library/model%3Ar1-distill-qwen-14b");
    fireEvent.click(await screen.findByRole("button", { name: "32K" }));
    await waitFor(() =>
      expect(callsOf(fake, "hardware.fit")).toContainEqual({ model: "r1-distill-qwen-14b:Q8_0", contextSize: 32_768 }),
    );
  });

  it("says that a model is unknown instead of showing another", async () => {
    open(undefined, "#/library/model%3Ano-such");
    expect(await screen.findByText("This model is not in the catalogue")).toBeTruthy();
  });

  it("promises nothing for a model whose memory is not known", async () => {
    const files = [sampleCatalogueFile({ fit: null, sizeBytes: null, sha256: null })];
    const entries = [sampleEntry({ id: "odd", name: "Odd", best: null, status: "no-dimensions", files })];
    open(createFakeClient({ catalogue: { ...sampleCatalogue(), total: 1, entries } }), "#/library/model%3Aodd");
    expect(await screen.findByText(/does not know enough of this model/)).toBeTruthy();
    const table = await screen.findByRole("table");
    expect(within(table).queryByText(/NaN|undefined|null/)).toBeNull();
    expect(screen.getByText(/no SHA-256 for some files/)).toBeTruthy();
  });

  it("explains a repository that is gated, missing or has no GGUF", async () => {
    const fake = createFakeClient();
    fake.controls.failNext("library.describe", deskError("HUB_REPO_NOT_FOUND", { repo: "a/b", hub: "hf-mirror.com" }));
    render({ fake, hash: "#/library/repo%3Aa%2Fb" });
    expect(await screen.findByText("“a/b” was not found")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("b-Q4_K_M.gguf")).toBeTruthy();
  });
});

describe("Downloads", () => {
  const open = (downloads: Parameters<typeof createFakeClient>[0] extends infer O | undefined ? O : never) => {
    const fake = createFakeClient(downloads);
    render({ fake, hash: "#/library/downloads" });
    return fake;
  };

  it("says what is known of the time and never makes one up", async () => {
    open({
      downloads: [
        sampleDownload(),
        sampleDownload({
          ...{ id: "dl-2", repo: "sample/Young-GGUF", receivedBytes: 0 },
          bytesPerSecond: null,
          etaMs: null,
        }),
      ],
    });
    expect(await screen.findByText(/5.8 GB of 9 GB, 1 min 24 s left/)).toBeTruthy();
    expect(screen.getByText(/time left not known yet/)).toBeTruthy();
    expect(screen.getByRole("progressbar", { name: "Progress of Young" }).getAttribute("aria-valuenow")).toBe("0");
  });

  it("pauses, resumes, and moves one before another", async () => {
    const second = sampleDownload({ id: "dl-2", repo: "sample/Second-GGUF", state: "waiting", position: 1 });
    const fake = open({ downloads: [sampleDownload(), second] });
    fireEvent.click(await screen.findByRole("button", { name: "Pause" }));
    expect(await screen.findByText("Paused at 64%")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Resume" }));
    expect(await screen.findByText(/^64%, 38 MB\/s|^64%$/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "More for Second" }));
    fireEvent.click(await screen.findByRole("menuitem", { name: "Earlier in the order" }));
    await waitFor(() => expect(callsOf(fake, "library.download.order")).toEqual([{ ids: ["dl-2", "dl-1"] }]));
  });

  it("names the source of a wrong file and gets it from another one", async () => {
    const hash = { file: "a.gguf", source: "hf-mirror", expected: "ab".repeat(32), actual: "cd".repeat(32) };
    const error = deskError("DOWNLOAD_HASH_MISMATCH", hash).toData();
    const fake = open({ downloads: [sampleDownload({ state: "failed", error })] });
    expect(await screen.findByText("The downloaded file is not the published one")).toBeTruthy();
    expect(screen.getByText(/from hf-mirror should have the checksum abab/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "From huggingface" }));
    await waitFor(() =>
      expect(callsOf(fake, "library.download.start")[0]).toMatchObject({
        hub: "https://huggingface.co",
        revision: "c0ffee",
      }),
    );
  });

  it("never says 100% before everything is there", async () => {
    open({ downloads: [sampleDownload({ receivedBytes: 8_999_999_999 })] });
    expect((await screen.findAllByText(/^99%/)).length).toBeGreaterThan(0);
    expect(screen.queryByText(/100%/)).toBeNull();
  });
});

describe("Installed", () => {
  const stored = sampleStoredModel({ id: "r1" });
  const installed = [
    ...sampleModels,
    ...sampleModels.slice(0, 1).map((one) => ({ ...one, id: "r1", name: "R1", builtIn: false })),
  ];
  const open = (options: Parameters<typeof createFakeClient>[0] = {}) => {
    const fake = createFakeClient({ models: installed, storage: sampleStorage({ models: [stored] }), ...options });
    render({ fake, hash: "#/library/installed" });
    return fake;
  };
  const choose = async (model: string, action: RegExp) => {
    fireEvent.click(await screen.findByRole("button", { name: `More for ${model}` }));
    fireEvent.click(await screen.findByRole("menuitem", { name: action }));
  };

  it("shows what the disk holds, and the space that a model returns before it goes", async () => {
    const fake = open();
    expect((await screen.findAllByText("Models 22.4 GB")).length).toBeGreaterThan(0);
    await choose("R1", /Move to trash/);
    const dialog = await screen.findByRole("alertdialog", { name: "Move R1 to the trash?" });
    expect(within(dialog).getByText(/returns 4.4 GB/)).toBeTruthy();
    expect(callsOf(fake, "library.remove")).toEqual([]);
    fireEvent.click(within(dialog).getByRole("button", { name: "Move to trash" }));
    fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(callsOf(fake, "library.restore")).toEqual([{ id: "trash-r1" }]));
  });

  it("does not offer to delete what came with Deskside", async () => {
    open();
    fireEvent.click(await screen.findByRole("button", { name: "More for Deskside Starter" }));
    await screen.findByRole("menuitem", { name: /Details/ });
    expect(screen.queryByRole("menuitem", { name: /trash/ })).toBeNull();
  });

  it("says of a linked file that it stays where it is", async () => {
    open({ storage: sampleStorage({ models: [{ ...stored, linked: true, folder: null, diskBytes: 0 }] }) });
    await choose("R1", /Take off the list/);
    expect(await screen.findByText(/The file stays at \/data\/models/)).toBeTruthy();
  });

  it("tells a model that differs from what was published from one that nobody published a hash of", async () => {
    const fake = open();
    await choose("R1", /Verify/);
    expect(await screen.findByText("R1 is as published")).toBeTruthy();
    fake.controls.failNext("library.verify", deskError("MODEL_FILE_MISSING", { model: "R1", path: "/data/r1.gguf" }));
    await choose("R1", /Verify/);
    expect(await screen.findByText(/Expected at \/data\/r1.gguf/)).toBeTruthy();
  });

  it("goes back to the previous file only where there is one", async () => {
    const [version] = stored.versions;
    if (!version) throw new Error("no sample version");
    const versions = [version, { ...version, key: "v0", state: "previous" as const }];
    const fake = open({ storage: sampleStorage({ models: [{ ...stored, versions }] }) });
    await choose("R1", /previous file/);
    await waitFor(() => expect(callsOf(fake, "library.useVersion")).toEqual([{ modelId: "r1", version: null }]));
  });

  it("keeps a model at its version when asked", async () => {
    const fake = open();
    fireEvent.click(await screen.findByRole("button", { name: "More for R1" }));
    fireEvent.click(await screen.findByRole("menuitemcheckbox", { name: "Stay at this version" }));
    await waitFor(() => expect(callsOf(fake, "library.pin")).toEqual([{ modelId: "r1", pinned: true }]));
  });

  it("adds a file by its path and says when there was none", async () => {
    const fake = open();
    fireEvent.click(await screen.findByRole("button", { name: "Add from file…" }));
    const field = await screen.findByRole("textbox", { name: /Path of a GGUF file/ });
    fireEvent.change(field, { target: { value: " /models/new.gguf " } });
    fireEvent.click(screen.getByRole("button", { name: "Add" }));
    await waitFor(() => expect(callsOf(fake, "library.importPath")).toEqual([{ path: "/models/new.gguf" }]));
    expect(await screen.findByText("1 model added")).toBeTruthy();
  });
});

describe("Settings, Library", () => {
  it("refuses an address that is none, keeps the order of mirrors, and goes back to the default", async () => {
    const fake = createFakeClient();
    render({ fake, hash: "#/settings/library" });
    const valueOf = (key: string) => fake.controls.world.settings.find((one) => one.key === key)?.value;
    const field = await screen.findByRole<HTMLInputElement>("textbox", { name: "Add a mirror" });
    await waitFor(() => expect(field.disabled).toBe(false));
    fireEvent.change(field, { target: { value: "ftp://mirror" } });
    expect(screen.getByText(/begins with https/)).toBeTruthy();
    fireEvent.click(await screen.findByRole("button", { name: "+ hf-mirror" }));
    await waitFor(() => expect(valueOf("library.mirrors")).toEqual(["hf-mirror"]));
    fireEvent.click(await screen.findByRole("button", { name: "+ modelscope" }));
    fireEvent.click(await screen.findByRole("button", { name: "Earlier: modelscope" }));
    await waitFor(() => expect(valueOf("library.mirrors")).toEqual(["modelscope", "hf-mirror"]));
    fireEvent.click(screen.getByRole("button", { name: "Reset section" }));
    await waitFor(() => expect(valueOf("library.mirrors")).toEqual([]));
  });
});
