import {
  createFakeClient,
  type FakeClient,
  sampleDownload,
  sampleMachine,
  sampleRepository,
} from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { sectionTable } from "../../app/sections.tsx";
import { renderDeskside } from "../../test-support/render-deskside.tsx";
import { AppFrame } from "../frame/app-frame.tsx";

const callsOf = (fake: FakeClient, procedure: string) =>
  fake.controls.calls.filter((call) => call.procedure === procedure).map(({ input }) => input);

beforeEach(() => Object.defineProperty(window, "innerWidth", { value: 1440, configurable: true, writable: true }));

function open(hash: string, fake = createFakeClient({ machine: sampleMachine({ gpus: 1 }) })) {
  return { fake, view: renderDeskside(<AppFrame sections={sectionTable} />, { fake, hash }) };
}

describe("where a model comes from", () => {
  it("is compared only when somebody asks, and the fastest can be taken", async () => {
    const { fake } = open("#/library/model%3Ar1-distill-qwen-14b");
    const button = await screen.findByRole("button", { name: "Compare speeds" });
    expect(callsOf(fake, "library.compareHubs")).toEqual([]);
    fireEvent.click(button);
    const list = within(await screen.findByRole("list", { name: "Compare speeds" }));
    expect(callsOf(fake, "library.compareHubs")).toMatchObject([
      { repo: "sample/R1-Distill-Qwen-14B-GGUF", file: "Q4_K_M" },
    ]);
    const [first] = await list.findAllByRole("button", { name: /^Use / });
    expect(list.getAllByRole("listitem")[0]?.textContent).toMatch(/MB\/s/);
    if (first) fireEvent.click(first);
    fireEvent.click(await screen.findByRole("button", { name: "Get R1-Distill-Qwen-14B Q8_0" }));
    await waitFor(() => expect(callsOf(fake, "library.download.start")).toHaveLength(1));
    expect(callsOf(fake, "library.download.start")).not.toMatchObject([{ hub: null }]);
  });

  it("of a running download can be changed", async () => {
    const fake = createFakeClient({ downloads: [sampleDownload()] });
    open("#/library/downloads", fake);
    fireEvent.click(await screen.findByRole("button", { name: /^More for / }));
    fireEvent.click(await screen.findByRole("menuitem", { name: "From huggingface" }));
    await waitFor(() =>
      expect(callsOf(fake, "library.download.switchSource")).toEqual([{ id: "dl-1", hub: "huggingface" }]),
    );
  });

  it("is named for a repository that cannot run here", async () => {
    const fake = createFakeClient();
    const nearest = { format: "AWQ", quantization: "Q4_K_M", repo: "maker/Sample-GGUF" };
    fake.client.library.describe = async ({ repo }) => ({
      ...sampleRepository(repo),
      ...{ files: [], otherFormats: ["safetensors"], nearest },
    });
    open("#/library/repo%3Amaker%2FSample-AWQ", fake);
    expect(await screen.findByText("The same model as GGUF: maker/Sample-GGUF")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show it" }));
    await waitFor(() => expect(decodeURIComponent(window.location.hash)).toContain("repo:maker/Sample-GGUF"));
  });
});

describe("a download that waits", () => {
  const resumesAt = new Date(2026, 5, 1, 22, 0).getTime();

  it("for its hours says until when, and runs now for who wants it", async () => {
    const waiting = sampleDownload({ state: "paused", pausedBy: "schedule", resumesAt });
    const fake = createFakeClient({ downloads: [waiting] });
    open("#/library/downloads", fake);
    expect(await screen.findByText(/Waits until (22:00|10:00)/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Fetch now" }));
    await waitFor(() => expect(callsOf(fake, "library.download.resume")).toEqual([{ id: "dl-1" }]));
  });

  it("for the network says when it is tried again", async () => {
    const waiting = sampleDownload({ state: "paused", pausedBy: "network", resumesAt });
    open("#/library/downloads", createFakeClient({ downloads: [waiting] }));
    expect(await screen.findByText(/Waits for the network, 64/)).toBeTruthy();
    expect(screen.getByText(/next try at/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
  });
});

describe("the window", () => {
  it("keeps the filters of Discover while another part of it is shown", async () => {
    const { view } = open("#/library");
    const search = await screen.findByRole<HTMLInputElement>("searchbox", { name: "Search models" });
    fireEvent.change(search, { target: { value: "coder" } });
    view.deskside.navigation.getState().actions.open({ section: "chat", id: null });
    await waitFor(() => expect(screen.queryByRole("searchbox", { name: "Search models" })).toBeNull());
    view.deskside.navigation.getState().actions.open({ section: "library", id: null });
    expect((await screen.findByRole<HTMLInputElement>("searchbox", { name: "Search models" })).value).toBe("coder");
  });

  it("sets the hours of downloads", async () => {
    const { fake } = open("#/settings/library");
    expect(await screen.findByText("Hours of downloads")).toBeTruthy();
    await fake.client.settings.set({ key: "library.downloadHours", value: { from: 22 * 60, to: 7 * 60 } });
    const from = await screen.findByLabelText<HTMLInputElement>("From");
    expect(from.value).toBe("22:00");
    fireEvent.change(from, { target: { value: "23:30" } });
    await waitFor(() =>
      expect(callsOf(fake, "settings.set")).toContainEqual({
        key: "library.downloadHours",
        value: { from: 23 * 60 + 30, to: 7 * 60 },
      }),
    );
  });
});
