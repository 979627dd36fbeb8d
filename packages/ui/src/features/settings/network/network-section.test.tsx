import { deskError } from "@deskside/contract";
import { createFakeClient, sampleMachine } from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { sectionTable } from "../../../app/sections.tsx";
import { renderDeskside } from "../../../test-support/render-deskside.tsx";
import { AppFrame } from "../../frame/app-frame.tsx";

beforeEach(() => Object.defineProperty(window, "innerWidth", { value: 1440, configurable: true, writable: true }));

function open(hash = "#/settings/network") {
  const fake = createFakeClient({});
  const deskside = renderDeskside(<AppFrame sections={sectionTable} />, { fake, hash });
  const inputsOf = (procedure: string) =>
    fake.controls.calls.filter((call) => call.procedure === procedure).map(({ input }) => input);
  return { fake, deskside, inputsOf };
}

describe("the proxy", () => {
  it("is typed as an address, refuses SOCKS, and goes back to the environment", async () => {
    const { inputsOf } = open();
    const choice = await screen.findByRole("button", { name: "This address" });
    await waitFor(() => expect(choice).toHaveProperty("disabled", false));
    fireEvent.click(choice);
    const field = await screen.findByRole("textbox", { name: "Address of the proxy" });
    fireEvent.change(field, { target: { value: "socks5://proxy.example:1080" } });
    fireEvent.blur(field);
    expect((await screen.findByRole("alert")).textContent).toContain("SOCKS is not supported");
    expect(inputsOf("settings.set")).toEqual([]);
    fireEvent.change(field, { target: { value: " http://me:pw@proxy.example:3128 " } });
    fireEvent.blur(field);
    const stored = { key: "network.proxy", value: "http://me:pw@proxy.example:3128" };
    await waitFor(() => expect(inputsOf("settings.set")).toEqual([stored]));
    fireEvent.click(screen.getByRole("button", { name: "None" }));
    await waitFor(() => expect(inputsOf("settings.set")[1]).toEqual({ key: "network.proxy", value: "none" }));
    expect(screen.queryByRole("textbox", { name: "Address of the proxy" })).toBeNull();
  });
});

describe("tokens", () => {
  it("are saved, listed by their last four characters, and removed", async () => {
    const { inputsOf } = open();
    const field = await screen.findByLabelText<HTMLInputElement>("Token");
    expect(field.type).toBe("password");
    expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", true);
    fireEvent.change(field, { target: { value: "hf_secret_4321" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(inputsOf("library.tokens.set")).toEqual([{ host: "huggingface.co", token: "hf_secret_4321" }]),
    );
    expect(await screen.findByText("…4321")).toBeTruthy();
    expect(field.value).toBe("");
    expect(document.body.textContent).not.toContain("hf_secret");
    fireEvent.click(screen.getByRole("button", { name: "Remove the token for huggingface.co" }));
    await waitFor(() => expect(screen.queryByText("…4321")).toBeNull());
  });

  it("that were refused stay in the field, and the toast says why", async () => {
    const { fake } = open();
    fake.controls.failNext(
      "library.tokens.set",
      deskError("INVALID_INPUT", { issues: [{ path: "host", message: "x" }] }),
    );
    const field = await screen.findByLabelText<HTMLInputElement>("Token");
    fireEvent.change(field, { target: { value: "hf_secret_4321" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("This value is not accepted")).toBeTruthy();
    expect(field.value).toBe("hf_secret_4321");
  });
});

it("a gated model leads from its error to the tokens", async () => {
  const fake = createFakeClient({ machine: sampleMachine({ gpus: 1 }) });
  const { deskside } = renderDeskside(<AppFrame sections={sectionTable} />, {
    ...{ fake, hash: "#/library/model%3Ar1-distill-qwen-14b" },
  });
  const place = { hub: "huggingface", host: "huggingface.co", url: "https://huggingface.co/a/b" };
  fake.controls.failNext("library.download.start", deskError("HUB_GATED", { repo: "a/b", ...place, signedIn: false }));
  fireEvent.click(await screen.findByRole("button", { name: "Get R1-Distill-Qwen-14B Q8_0" }));
  expect(await screen.findByText(/deskside models token set huggingface.co/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Tokens" }));
  expect(deskside.navigation.getState().route).toEqual({ section: "settings", id: "network" });
  expect(await screen.findByLabelText("Token")).toBeTruthy();
});
