import { encodeGguf, tinyLlama } from "@deskside/testing";
import { contentOfBytes, firstRequests, type Misbehave, startFakeHub } from "@deskside/testing/fake-hub";
import { expect, type Page } from "@playwright/test";
import { type ServedDeskside, test } from "./served-deskside.ts";
import { violations } from "./violations.ts";

const repo = "maker/Tiny-GGUF";

async function hubWithOneModel(misbehave?: Misbehave) {
  const file = contentOfBytes(Buffer.from(encodeGguf(tinyLlama({ seed: 1 })).bytes));
  return startFakeHub({
    repos: [{ id: repo, licence: "cc0-1.0", downloads: 7, files: { "tiny-F32.gguf": file } }],
    ...(misbehave && { misbehave }),
  });
}

/** A hub of one's own, and the host that it hands out files from, entered in the settings. */
async function useHub(page: Page, deskside: ServedDeskside, hub: { origin: string; cdnOrigin: string }) {
  await page.goto(deskside.link);
  await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Settings" }).click();
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Library" }).click();
  await page.getByRole("combobox", { name: "Hub", exact: true }).click();
  await page.getByRole("option", { name: "Other address" }).click();
  await page.getByRole("textbox", { name: "Address of the hub" }).fill(hub.origin);
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Add a host" }).fill(new URL(hub.cdnOrigin).host);
  await page.keyboard.press("Enter");
  await expect(page.getByText(new URL(hub.cdnOrigin).host)).toBeVisible();
}

async function getFromHub(page: Page) {
  await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Library" }).click();
  await page.getByRole("searchbox", { name: "Search models" }).fill("tiny");
  await page.getByRole("button", { name: /Search “tiny” on/ }).click();
  await page.getByRole("link", { name: repo }).click();
  await page.getByRole("button", { name: "Get tiny-F32.gguf" }).click();
  await page.getByRole("link", { name: /^Downloads/ }).click();
}

test("finds a model on a hub, gets it, and it is installed and answers", async ({ page, deskside }) => {
  await using hub = await hubWithOneModel();
  await useHub(page, deskside, hub);
  expect(hub.requests).toHaveLength(0);
  await getFromHub(page);
  await expect(page.getByText("Verified and tested")).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("link", { name: /^Installed/ }).click();
  const row = page.getByRole("row", { name: /tiny-F32\.gguf/ });
  await row.getByRole("button", { name: "Load" }).click();
  await expect(row.getByText("Loaded")).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("goes on by itself when the hub breaks off at first", async ({ page, deskside }) => {
  await using hub = await hubWithOneModel(firstRequests("cdn", 2, { kind: "cut", afterBytes: 20_000 }));
  await useHub(page, deskside, hub);
  await getFromHub(page);
  await expect(page.getByText("Verified and tested")).toBeVisible();
});
