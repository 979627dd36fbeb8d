import { createDeferred } from "@deskside/base";
import { createFakeClient, sampleTelemetry } from "@deskside/testing/fake-client";
import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Connection } from "./client.ts";
import { mountDeskside } from "./mount.tsx";

const chat = { content: () => <h1>New chat</h1> };

async function mount(connect: () => Promise<Connection>) {
  const element = document.createElement("div");
  document.body.append(element);
  const mounted = await act(async () => mountDeskside(element, { connect, sections: { chat } }));
  return { element, mounted };
}

afterEach(() => {
  document.body.replaceChildren();
  window.localStorage.clear();
  window.location.hash = "";
});

describe("mountDeskside", () => {
  it("keeps what is on screen when the connection is lost, says so, and connects again by itself", async () => {
    const first = createFakeClient();
    const second = createFakeClient();
    const closed = createDeferred<void>();
    const connections: Connection[] = [
      { client: first.client, closed: closed.promise },
      { client: second.client, closed: new Promise(() => undefined) },
    ];
    const connect = vi.fn(async () => {
      const next = connections.shift();
      if (!next) throw new Error("no more connections");
      return next;
    });
    const { element, mounted } = await mount(connect);
    expect(await screen.findByRole("heading", { name: "New chat" })).toBeTruthy();
    await waitFor(() => expect(first.controls.world.feed.readers).toBe(1));
    act(() => first.controls.setTelemetry(sampleTelemetry()));
    expect(await screen.findByRole("button", { name: "Offline, 0 connections" })).toBeTruthy();

    await act(async () => closed.resolve());
    expect(await screen.findByText("Connection lost, reconnecting")).toBeTruthy();
    expect(screen.getByRole("heading", { name: "New chat" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Connections unknown" })).toBeTruthy();

    await waitFor(() => expect(screen.queryByText("Connection lost, reconnecting")).toBeNull());
    expect(connect).toHaveBeenCalledTimes(2);
    act(() => mounted[Symbol.dispose]());
    expect(element.childElementCount).toBe(0);
  });

  it("says after several failed tries that there is no connection, and goes on trying", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { mounted } = await mount(async () => {
      throw new Error("refused");
    });
    await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("No connection to Deskside"), {
      timeout: 5000,
    });
    act(() => mounted[Symbol.dispose]());
  });

  it("starts in the look of the last visit, before any setting is known", async () => {
    window.localStorage.setItem(
      "deskside.appearance",
      JSON.stringify({ theme: "dark", language: "zh-CN", density: "compact", zoom: 125 }),
    );
    const { mounted } = await mount(() => new Promise(() => undefined));
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    expect(document.documentElement.lang).toBe("zh-CN");
    expect(screen.getByRole("link", { name: "模型库" })).toBeTruthy();
    act(() => mounted[Symbol.dispose]());
  });
});
