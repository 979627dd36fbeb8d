import { DesksideError } from "@deskside/base";
import {
  createFakeClient,
  type FakeClient,
  sampleEngines,
  sampleMachine,
  samplePlan,
  sampleRecommendations,
} from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sectionTable } from "../../app/sections.tsx";
import { type RenderOptions, renderDeskside } from "../../test-support/render-deskside.tsx";
import { AppFrame } from "../frame/app-frame.tsx";

const render = (options: RenderOptions) => renderDeskside(<AppFrame sections={sectionTable} />, options);

beforeEach(() => Object.defineProperty(window, "innerWidth", { value: 1440, configurable: true, writable: true }));
afterEach(() => vi.restoreAllMocks());

describe("Settings, Hardware and engine", () => {
  const open = async (fake: FakeClient) => {
    const rendered = render({ fake, hash: "#/settings/hardware" });
    await screen.findByRole("heading", { level: 1, name: "Hardware and engine" });
    return rendered;
  };

  it("shows the measured machine and what was odd in the detection", async () => {
    const machine = {
      ...sampleMachine({ gpus: 1 }),
      notes: [{ code: "vram-corrected" as const, subject: "Sample GPU 12", detail: "4095 MB" }],
    };
    await open(createFakeClient({ machine }));
    expect(await screen.findByText(/12 GB video memory, 11.2 GB free, 432 GB\/s by its data sheet/)).toBeTruthy();
    expect(
      screen.getByText(/reports the video memory of Sample GPU 12 wrongly; it was corrected. \(4095 MB\)/),
    ).toBeTruthy();
    expect(screen.getByText(/22.6 GB free, 48 GB\/s measured/)).toBeTruthy();
  });

  it("says 'not reported' for video memory that the system does not tell", async () => {
    const { gpus, ...rest } = sampleMachine({ gpus: 1 });
    const silent = gpus.map((gpu) => ({ ...gpu, vramTotalBytes: null, vramFreeBytes: null, api: "none" as const }));
    await open(createFakeClient({ machine: { ...rest, gpus: silent } }));
    expect(await screen.findByText(/Video memory not reported/)).toBeTruthy();
    expect(screen.getByText("cannot be used by the engine")).toBeTruthy();
  });

  it("detects again when asked, and keeps what was known when that fails", async () => {
    const fake = createFakeClient();
    await open(fake);
    const again = await screen.findByRole("button", { name: "Detect again" });
    await screen.findByText("Sample CPU");
    fake.controls.failNext(
      "hardware.refresh",
      new DesksideError({ code: "TIMED_OUT", kind: "unavailable", data: { what: "nvidia-smi", ms: 3000 } }),
    );
    fireEvent.click(again);
    expect(await screen.findByText(/nvidia-smi did not answer/)).toBeTruthy();
    expect(screen.getByText("Sample CPU")).toBeTruthy();
  });

  it("sets a number when the field is left, says what is wrong before, and takes nothing for automatic", async () => {
    const fake = createFakeClient();
    await open(fake);
    const valueOf = () => fake.controls.world.settings.find(({ key }) => key === "hardware.threads")?.value;
    const typeInto = (value: string) => {
      const field = screen.getByRole("textbox", { name: "Threads" });
      fireEvent.change(field, { target: { value } });
      fireEvent.blur(field);
    };
    await waitFor(() =>
      expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Threads" }).disabled).toBe(false),
    );
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Threads" }).placeholder).toBe("automatic, now 2");
    typeInto("1.5");
    expect(screen.getByText(/from 1 to 512/)).toBeTruthy();
    expect(valueOf()).toBeNull();
    typeInto("3");
    await waitFor(() => expect(valueOf()).toBe(3));
    typeInto("");
    await waitFor(() => expect(valueOf()).toBeNull());
  });

  it("keeps memory free in GB, stored in bytes", async () => {
    const fake = createFakeClient();
    await open(fake);
    const field = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Memory kept free" });
    await waitFor(() => expect(field().disabled).toBe(false));
    fireEvent.change(field(), { target: { value: "2.5" } });
    fireEvent.keyDown(field(), { key: "Enter" });
    await waitFor(() =>
      expect(fake.controls.world.settings.find(({ key }) => key === "hardware.keepFreeBytes")?.value).toBe(
        2.5 * 1024 ** 3,
      ),
    );
  });

  it("says why the processor does the work, and what was predicted and used", async () => {
    const engines = sampleEngines.map((engine) => ({ ...engine, whyCpu: "driver-too-old" as const }));
    await open(createFakeClient({ engines }));
    expect(await screen.findByText(/driver of the graphics card is too old/)).toBeTruthy();
    expect(screen.getByText("Predicted 398 MB, used 410 MB")).toBeTruthy();
  });
});

describe("the library", () => {
  it("recommends what runs here with its memory and its reasons", async () => {
    const fake = createFakeClient({ machine: sampleMachine({ gpus: 1 }), recommendations: sampleRecommendations });
    render({ fake, hash: "#/library" });
    const section = await screen.findByRole("region", { name: "What runs best on this machine" });
    expect(await within(section).findByText("Best here")).toBeTruthy();
    expect(within(section).getByText(/Q4_K_M is the best quality/)).toBeTruthy();
    expect(within(section).getByText("+ 9.2 GB RAM")).toBeTruthy();
    expect(within(section).getByRole("img", { name: /^Weights 8.4 GB, KV cache 1.6 GB.* of 12 GB/ })).toBeTruthy();
  });

  it("shows what a loaded model was predicted to use and uses", async () => {
    render({ hash: "#/library/installed" });
    expect(await screen.findByTitle("Predicted 398 MB, used 410 MB")).toBeTruthy();
  });

  it("says when it cannot reckon", async () => {
    const fake = createFakeClient();
    fake.controls.failNext(
      "hardware.recommendations",
      new DesksideError({ code: "PEER_GONE", kind: "unavailable", data: { peer: "hardware" } }),
    );
    render({ fake, hash: "#/library" });
    expect(await screen.findByText("What fits could not be reckoned")).toBeTruthy();
  });
});

describe("a load in another way than planned", () => {
  const failed = { ...samplePlan, api: "cuda" as const, gpuLayers: 31 };
  const next = { ...failed, gpuLayers: 20 };
  const engines = sampleEngines.map((engine) => ({
    ...engine,
    plan: next,
    whyCpu: null,
    notices: [{ cause: "out-of-vram" as const, detail: "cudaMalloc failed", failed, next }],
  }));

  it("is said with its cause, what is used now and the better fix, until it is closed", async () => {
    const { deskside } = render({ fake: createFakeClient({ engines }), hash: "#/documents" });
    const title = await screen.findByText("SmolLM2 135M Instruct was loaded in another way than planned");
    const words = title.parentElement?.textContent ?? "";
    expect(words).toContain("no video memory left");
    expect(words).toMatch(/Now CUDA, 20 of 31 layers.* instead of CUDA, all 31 layers/);
    expect(words).toContain("fewer layers");
    expect(words).not.toContain("cudaMalloc");
    fireEvent.click(screen.getByRole("button", { name: "Hardware settings" }));
    expect(deskside.navigation.getState().route).toEqual({ section: "settings", id: "hardware" });
    const banner = title.closest<HTMLElement>(".banner");
    if (!banner) throw new Error("no banner");
    fireEvent.click(within(banner).getByRole("button", { name: "Close" }));
    expect(screen.queryByText(/in another way than planned/)).toBeNull();
  });

  it("is not said of a load that went as planned", () => {
    render({ hash: "#/documents" });
    expect(screen.queryByText(/in another way than planned/)).toBeNull();
  });
});

describe("an empty workspace", () => {
  it("shows the machine, what runs here, and one way to begin", async () => {
    render({ fake: createFakeClient({ recommendations: sampleRecommendations }), hash: "#/chat" });
    expect(await screen.findByRole("heading", { name: "This machine" })).toBeTruthy();
    expect(await screen.findByText("No graphics card")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Start chatting" }));
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Message" }));
  });

  it("is over with the first chat", async () => {
    render({ fake: createFakeClient({ chats: [{ title: "Pumps", turns: [["a", "b"]] }] }), hash: "#/chat" });
    await screen.findByText("Pumps");
    expect(screen.queryByRole("button", { name: "Start chatting" })).toBeNull();
  });
});
