import { deskError } from "@deskside/contract";
import { createFakeClient } from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { sectionTable } from "../../../app/sections.tsx";
import { renderDeskside } from "../../../test-support/render-deskside.tsx";
import { AppFrame } from "../../frame/app-frame.tsx";

beforeEach(() => Object.defineProperty(window, "innerWidth", { value: 1440, configurable: true, writable: true }));

function open(hash: string) {
  const fake = createFakeClient({});
  renderDeskside(<AppFrame sections={sectionTable} />, { fake, hash });
  const inputsOf = (procedure: string) =>
    fake.controls.calls.filter((call) => call.procedure === procedure).map(({ input }) => input);
  return { fake, inputsOf };
}

/** Screens come in parts of their own. */
const loaded = { timeout: 10_000 };
const address = "postgres://me:secret@db.example/team";

it("the address is tried and kept, its password not shown, and forgotten again", async () => {
  const { fake, inputsOf } = open("#/settings/library");
  const field = await screen.findByLabelText<HTMLInputElement>("Connection string", {}, loaded);
  expect(field.type).toBe("password");
  const test = screen.getByRole("button", { name: "Test connection" });
  expect(test).toHaveProperty("disabled", true);
  fireEvent.change(field, { target: { value: address } });
  fireEvent.click(test);
  expect((await screen.findByText(/PostgreSQL 17.5 with pgvector 0.8.1 answers/)).textContent).not.toContain(
    "not encrypted",
  );
  fake.controls.failNext(
    "knowledge.server.set",
    deskError("KNOWLEDGE_SERVER_UNFIT", { host: "db.example", reason: "plain-text" }),
  );
  const save = screen.getByLabelText("Connection string").closest("form") as HTMLFormElement;
  fireEvent.submit(save);
  expect(await screen.findByText(/sslmode=verify-full/)).toBeTruthy();
  expect(field.value).toBe(address);
  fireEvent.submit(save);
  expect(await screen.findByText("postgres://me@db.example/team")).toBeTruthy();
  await waitFor(() => expect(field.value).toBe(""));
  expect(document.body.textContent).not.toContain("secret");
  expect(inputsOf("knowledge.server.test")).toEqual([{ connectionString: address }]);
  // What is kept can be tried without being typed again.
  fireEvent.click(test);
  await waitFor(() => expect(inputsOf("knowledge.server.test")[1]).toEqual({ connectionString: null }));
  fireEvent.click(screen.getByRole("button", { name: "Forget the team's database" }));
  await waitFor(() => expect(screen.queryByText("postgres://me@db.example/team")).toBeNull());
});

it("a new collection asks where its texts are kept once there is a server, and says who can read them", async () => {
  const { fake, inputsOf } = open("#/documents");
  const create = async (name: string, choose: () => Promise<void>) => {
    fireEvent.click((await screen.findAllByRole("button", { name: "New collection" }, loaded))[0] as HTMLElement);
    fireEvent.change(await screen.findByLabelText("Name"), { target: { value: name } });
    await choose();
    fireEvent.click(screen.getByRole("button", { name: "Create" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  };
  await create("Own", async () => expect(screen.queryByRole("button", { name: "Team server" })).toBeNull());
  await fake.client.knowledge.server.set({ connectionString: address });
  await create("Team", async () => {
    expect(await screen.findByText("Encrypted, on this computer only.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Team server" }));
    expect(
      await screen.findByText(/Texts and vectors go to db.example, where everybody who has its password/),
    ).toBeTruthy();
  });
  expect(inputsOf("knowledge.collections.create")).toEqual([
    { name: "Own", place: "here" },
    { name: "Team", place: "server" },
  ]);
  expect(await screen.findByText(/^Team server · /)).toBeTruthy();
});
