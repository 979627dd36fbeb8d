import { DesksideError } from "@deskside/base";
import { createFakeClient, sampleBenchRun, sampleMachine } from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { sectionTable } from "../../app/sections.tsx";
import { type RenderOptions, renderDeskside } from "../../test-support/render-deskside.tsx";
import { AppFrame } from "../frame/app-frame.tsx";
import { benchCsv } from "./bench/bench-csv.ts";

const render = (options: RenderOptions = {}) =>
  renderDeskside(<AppFrame sections={sectionTable} />, { hash: "#/settings/hardware", ...options });
const rowOf = (name: string) => {
  const row = screen
    .getAllByText(name)
    .map((element) => element.closest<HTMLElement>(".set"))
    .find((element) => element !== null);
  if (!row) throw new Error(`no row of ${name}`);
  return within(row);
};

beforeEach(() => Object.defineProperty(window, "innerWidth", { value: 1440, configurable: true, writable: true }));

describe("engine programs", () => {
  it("fetch nothing before somebody agrees to size and host", async () => {
    const { controls } = render();
    const fetched = () => controls.calls.some(({ procedure }) => procedure === "engineBinaries.fetch");
    fireEvent.click(await screen.findByRole("button", { name: "Get, 143 MB" }));
    const dialog = await screen.findByRole("alertdialog");
    expect(dialog.textContent).toContain("143 MB are fetched from registry.npmjs.org");
    fireEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
    expect(fetched()).toBe(false);
    fireEvent.click(await screen.findByRole("button", { name: "Get, 143 MB" }));
    fireEvent.click(await screen.findByRole("button", { name: "Get 143 MB" }));
    await waitFor(() => expect(rowOf("CUDA").getByText("Installed")).toBeTruthy());
    expect(fetched()).toBe(true);
  });

  it("are tried with one token, and say on what they work", async () => {
    render();
    await screen.findByText("Vulkan");
    expect(rowOf("Vulkan").getByText("Not tried yet")).toBeTruthy();
    fireEvent.click(rowOf("Vulkan").getByRole("button", { name: "Try" }));
    expect(await screen.findByText("Works on NVIDIA L4: first token after 0.90 s")).toBeTruthy();
  });

  it("tell a failure in words and keep what is there", async () => {
    const fake = createFakeClient();
    fake.controls.failNext(
      "engineBinaries.fetch",
      new DesksideError({
        code: "ENGINE_BINARY_NO_SPACE",
        kind: "exhausted",
        data: { path: "/data", neededBytes: 2 * 1024 ** 3, freeBytes: 1024 ** 3 },
      }),
    );
    render({ fake });
    fireEvent.click(await screen.findByRole("button", { name: "Get, 143 MB" }));
    fireEvent.click(await screen.findByRole("button", { name: "Get 143 MB" }));
    expect(await screen.findByText(/\/data has 1 GB free, 2 GB are needed/)).toBeTruthy();
  });

  it("are offered once where a card waits for its engine, and never where there is no card", async () => {
    const { unmount } = render({
      hash: "#/documents",
      fake: createFakeClient({ machine: sampleMachine({ gpus: 1 }) }),
    });
    const title = await screen.findByText("Sample GPU 12 could do the work");
    const banner = title.closest<HTMLElement>(".banner");
    if (!banner) throw new Error("no banner");
    fireEvent.click(within(banner).getByRole("button", { name: "Close" }));
    expect(screen.queryByText(/could do the work/)).toBeNull();
    unmount();
    const { controls } = render({ hash: "#/documents", fake: createFakeClient() });
    await waitFor(() => expect(controls.calls.some(({ procedure }) => procedure === "engineBinaries.list")).toBe(true));
    expect(screen.queryByText(/could do the work/)).toBeNull();
  });
});

describe("the benchmark", () => {
  it("shows what was measured beside what was predicted, by plan and by threads", async () => {
    render();
    const start = await screen.findByRole("button", { name: "Measure" });
    expect(await screen.findByText(/Nothing was measured/)).toBeTruthy();
    fireEvent.click(start);
    expect(await screen.findByRole("img", { name: "Writing: measured 104 tok/s, predicted 110 tok/s" })).toBeTruthy();
    const threads = screen.getByRole("table", { name: "Writing speed by threads" });
    expect(within(threads).getByText("used from now on").closest("tr")?.textContent).toContain("52.0 tok/s");
    expect(screen.getByRole("button", { name: "Measure" })).toBeTruthy();
  });

  it("says that another one runs", async () => {
    const fake = createFakeClient();
    fake.controls.failNext(
      "bench.start",
      new DesksideError({ code: "BENCH_RUNNING", kind: "conflict", data: { model: "SmolLM2" } }),
    );
    render({ fake });
    fireEvent.click(await screen.findByRole("button", { name: "Measure" }));
    expect(await screen.findByText("A benchmark is running")).toBeTruthy();
    expect(await screen.findByRole("button", { name: "Measure" })).toBeTruthy();
  });

  it("exports one line a plan, with quotes where a name needs them and nothing where nothing was measured", () => {
    const run = { ...sampleBenchRun, measured: { ...sampleBenchRun.measured, promptTokensPerSecond: null } };
    const report = {
      model: 'A "large", model',
      quantization: null,
      at: 0,
      runs: [run],
      threads: [],
      chosenThreads: null,
    };
    const lines = benchCsv(report).split("\r\n");
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^"A ""large"", model",,none,0,8192,f16,2,,900,104,110,620,/);
  });
});
