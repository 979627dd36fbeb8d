import { DesksideError } from "@deskside/base";
import type { MonitorSample } from "@deskside/contract";
import {
  createFakeClient,
  type FakeClient,
  sampleGpuReading,
  sampleMachine,
  sampleMonitor,
} from "@deskside/testing/fake-client";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useNavigationStore } from "../../app/client-context.tsx";
import { useSystemEvents } from "../../app/use-system-events.ts";
import { type RenderOptions, renderDeskside } from "../../test-support/render-deskside.tsx";
import { useAlertToasts } from "../frame/notices/use-alert-toasts.ts";
import { Toaster } from "../../primitives/index.ts";
import { MonitorScreen } from "./monitor-screen.tsx";

const now = Date.UTC(2026, 10, 27, 14, 30, 0);

function Monitor() {
  useSystemEvents();
  useAlertToasts();
  const route = useNavigationStore((state) => state.route);
  return (
    <>
      <MonitorScreen id={route.id} />
      <Toaster />
    </>
  );
}

function fakeWith(gpus: number, patch: (second: number) => Partial<MonitorSample> = () => ({})): FakeClient {
  const machine = sampleMachine({ gpus });
  const samples = Array.from({ length: 120 }, (_, second) =>
    sampleMonitor({
      at: now - (120 - second) * 1000,
      gpus: machine.gpus.map(sampleGpuReading),
      ...patch(second),
    }),
  );
  return createFakeClient({ machine, samples, chats: [{ title: "Pumps", turns: [["Which pump?", "P-103"]] }] });
}

async function renderMonitor(options: RenderOptions = {}) {
  const rendered = renderDeskside(<Monitor />, { hash: "#/monitor", ...options });
  await waitFor(() => expect(rendered.controls.world.feed.readers).toBe(1));
  return rendered;
}

const chart = (name: string) => within(screen.getByRole("region", { name }));
const next = (rendered: { controls: FakeClient["controls"] }, patch: Partial<MonitorSample>) =>
  act(async () => {
    rendered.controls.pushSample(sampleMonitor({ at: now + 1000, ...patch }));
    await new Promise((resolve) => setTimeout(resolve, 20));
  });

beforeEach(() => vi.spyOn(Date, "now").mockReturnValue(now));
afterEach(() => vi.restoreAllMocks());

describe("the monitor", () => {
  it("shows the six charts of a machine with a card, with their newest readings", async () => {
    await renderMonitor({ fake: fakeWith(1) });
    for (const name of ["GPU utilisation", "Video memory", "Temperature and power", "Generation speed"]) {
      expect(await screen.findByRole("region", { name })).toBeTruthy();
    }
    expect(screen.getByRole("region", { name: "Time to first token" })).toBeTruthy();
    expect(screen.getByRole("region", { name: "Requests" })).toBeTruthy();
    const image = chart("Video memory").getByRole("img");
    expect(image.getAttribute("aria-label")).toBe("Video memory, 15 min: 11.3 / 12 GB");
    expect(screen.queryByText(/No graphics card was measured/)).toBeNull();
    expect(screen.queryByRole("button", { name: "Topology" })).toBeNull();
  });

  it("says that no card was measured, and shows processor and memory instead", async () => {
    await renderMonitor({ fake: fakeWith(0) });
    expect(await screen.findByText(/No graphics card was measured/)).toBeTruthy();
    expect(screen.getByRole("region", { name: "Processor utilisation" }).textContent).toContain("34%");
    expect(screen.getByRole("region", { name: "Memory (RAM)" })).toBeTruthy();
    expect(screen.queryByRole("region", { name: "Video memory" })).toBeNull();
  });

  it("says 'not reported' for what a driver does not tell, and never 0", async () => {
    const silent = sampleMachine({ gpus: 1 }).gpus.map((gpu) => ({
      ...sampleGpuReading(gpu),
      utilisation: null,
      power: null,
    }));
    await renderMonitor({ fake: fakeWith(1, () => ({ gpus: silent })) });
    const utilisation = await screen.findByRole("region", { name: "GPU utilisation" });
    expect(utilisation.textContent).toContain("not reported");
    expect(utilisation.textContent).not.toContain("0%");
    expect(screen.getByRole("region", { name: "Temperature and power" }).textContent).toMatch(/67°C.*–not reported/);
  });

  it("follows what is told each second, until it is paused", async () => {
    const rendered = await renderMonitor({ fake: fakeWith(0) });
    await screen.findByRole("region", { name: "Processor utilisation" });
    await next(rendered, { cpu: { utilisation: 91, temperature: 60 } });
    expect(screen.getByRole("region", { name: "Processor utilisation" }).textContent).toContain("91%");
    fireEvent.click(screen.getByRole("button", { name: "Pause all charts" }));
    expect(screen.getByText("Paused")).toBeTruthy();
    await next(rendered, { at: now + 2000, cpu: { utilisation: 12, temperature: 60 } });
    expect(screen.getByRole("region", { name: "Processor utilisation" }).textContent).toContain("91%");
    fireEvent.click(screen.getByRole("button", { name: "Go on" }));
    await waitFor(() =>
      expect(screen.getByRole("region", { name: "Processor utilisation" }).textContent).toContain("12%"),
    );
  });

  it("asks for another range when one is chosen", async () => {
    const { controls } = await renderMonitor({ fake: fakeWith(0) });
    fireEvent.click(await screen.findByRole("button", { name: "7 days" }));
    await waitFor(() =>
      expect(
        controls.calls.some(({ procedure, input }) => procedure === "monitor.series" && rangeOf(input) === "7d"),
      ).toBe(true),
    );
    expect(await screen.findByText("Every minute")).toBeTruthy();
  });

  it("offers the readings as a table", async () => {
    await renderMonitor({ fake: fakeWith(0) });
    fireEvent.click(await screen.findByRole("button", { name: "Show as a table" }));
    const table = within(screen.getAllByRole("table")[0] as HTMLElement);
    expect(table.getAllByRole("row")).toHaveLength(13);
    expect(table.getAllByText("34%").length).toBeGreaterThan(5);
  });

  it("hands the export to the browser as a file", async () => {
    const saved: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    await renderMonitor({ fake: fakeWith(0) });
    fireEvent.click(await screen.findByRole("button", { name: "Export" }));
    fireEvent.click(await screen.findByRole("menuitem", { name: "Export as CSV" }));
    await waitFor(() => expect(saved).toEqual(["deskside-monitor-15m.csv"]));
  });

  it("says why the history cannot be read", async () => {
    const fake = fakeWith(0);
    fake.controls.failNext(
      "monitor.series",
      new DesksideError({ code: "DISK_FAILED", kind: "external", data: { path: "/d", detail: "EIO" } }),
    );
    await renderMonitor({ fake });
    expect((await screen.findByRole("alert")).textContent).toMatch(/history could not be read.*EIO/);
  });

  it("shows cards side by side and how they are connected where there are several", async () => {
    await renderMonitor({ fake: fakeWith(4) });
    fireEvent.click(await screen.findByRole("button", { name: "Topology" }));
    const topology = await screen.findByRole("region", { name: "Topology" });
    expect(within(topology).getAllByText("11.3 / 12 GB")).toHaveLength(4);
    expect(screen.getAllByText("NVLink ×4")).toHaveLength(4);
  });
});

describe("slots", () => {
  it("name the chat whose answer is being written, and cancel it", async () => {
    const fake = createFakeClient({ pieceMs: null });
    const rendered = await renderMonitor({ fake });
    act(() => rendered.controls.pushSample(sampleMonitor({ at: now })));
    expect(await screen.findByText("Idle")).toBeTruthy();
    await act(async () => {
      await fake.client.generation.start({ kind: "send", chatId: null, text: "Which pump?" });
    });
    fireEvent.click(await screen.findByRole("button", { name: "Cancel" }));
    await waitFor(() =>
      expect(fake.controls.calls.some(({ procedure }) => procedure === "generation.cancel")).toBe(true),
    );
  });
});

describe("alerts", () => {
  it("are listed with threshold, duration and newest value, and switched off at once", async () => {
    const { controls } = await renderMonitor({ fake: fakeWith(0) });
    const control = await screen.findByRole("switch", { name: "Video memory in use above 90% for 5 min" });
    fireEvent.click(control);
    await waitFor(() => expect(controls.world.alerts[0]?.rule.enabled).toBe(false));
    expect(screen.getByRole("switch", { name: "Free disk below 20 GB" })).toBeTruthy();
  });

  it("are added with a threshold in the unit that is shown", async () => {
    const { controls } = await renderMonitor({ fake: fakeWith(0) });
    fireEvent.click(await screen.findByRole("button", { name: "Add" }));
    const threshold = await screen.findByRole("textbox", { name: "Threshold" });
    fireEvent.change(threshold, { target: { value: "-3" } });
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled).toBe(true);
    fireEvent.change(threshold, { target: { value: "85" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(controls.world.alerts).toHaveLength(4));
    expect(controls.world.alerts.at(-1)?.rule).toMatchObject({
      metric: "memory-percent",
      threshold: 85,
      durationMs: 60_000,
    });
  });

  it("are told once when they begin, not when the window opens", async () => {
    const rendered = await renderMonitor({ fake: fakeWith(0) });
    await screen.findByRole("switch", { name: /Free disk/ });
    const began = rendered.controls.world.alerts.map((alert) =>
      alert.rule.metric === "free-disk" ? { ...alert, value: 3 * 1024 ** 3, activeSince: now } : alert,
    );
    act(() => rendered.controls.emit({ type: "alerts", alerts: began }));
    expect(await screen.findByText("Alert: Free disk below 20 GB")).toBeTruthy();
    expect(screen.getByText("1 active")).toBeTruthy();
  });
});

describe("the moment of an answer", () => {
  it("shows its readings and its energy", async () => {
    const fake = fakeWith(1);
    const message = answerIn(fake);
    await renderMonitor({ fake, hash: `#/monitor/${message}` });
    expect(await screen.findByText("Energy of the graphics cards 1.4 kJ")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Back to live" }));
    expect(await screen.findByRole("button", { name: "Pause all charts" })).toBeTruthy();
  });

  it("does not reckon an energy where no card reports its power", async () => {
    const fake = fakeWith(0);
    await renderMonitor({ fake, hash: `#/monitor/${answerIn(fake)}` });
    expect(await screen.findByText(/Energy not reported/)).toBeTruthy();
  });

  it("says that the message is gone", async () => {
    await renderMonitor({ fake: fakeWith(0), hash: "#/monitor/msg_gone" });
    expect((await screen.findByRole("alert")).textContent).toContain("could not be read");
  });
});

/** An answer of ten seconds in the middle of the readings. */
function answerIn(fake: FakeClient): string {
  const message = [...fake.controls.world.messages.values()].find(({ role }) => role === "assistant");
  if (!message) throw new Error("no message");
  message.createdAt = now - 60_000;
  message.stats = {
    promptTokens: 10,
    cachedTokens: 0,
    outputTokens: 300,
    reasoningTokens: 0,
    tokensPerSecond: 30,
    firstTokenMs: 300,
    reasoningMs: null,
    totalMs: 10_000,
  };
  return message.id;
}

function rangeOf(input: unknown): unknown {
  return typeof input === "object" && input !== null && "range" in input ? input.range : null;
}
