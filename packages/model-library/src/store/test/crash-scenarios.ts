import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoreDisk } from "../disk/store-disk.ts";
import type { Adoption, ModelStore } from "../store-types.ts";
import { type StoreFixture, sha256Of } from "./store-fixture.ts";

/** One action of the store, what has to be there before, and what must hold whenever it stops. */
export interface CrashScenario {
  readonly name: string;
  readonly secondNames?: boolean;
  prepare(fixture: StoreFixture): Promise<void>;
  act(fixture: StoreFixture, disk: StoreDisk): Promise<unknown>;
  /** Throws when content was lost or something half is shown. */
  check(fixture: StoreFixture, store: ModelStore): Promise<void>;
}

const partNames = [1, 2, 3].map((part) => `split-0000${part}-of-00003.gguf`);

async function plannedAdoption(fixture: StoreFixture): Promise<Adoption> {
  return JSON.parse(await readFile(join(fixture.root, "plan.json"), "utf8")) as Adoption;
}

async function planAdoption(fixture: StoreFixture, adoption: Adoption): Promise<void> {
  await writeFile(join(fixture.root, "plan.json"), JSON.stringify(adoption));
}

async function splitAdoption(fixture: StoreFixture): Promise<Adoption> {
  const files: Adoption["files"][number][] = [];
  for (const [index, name] of partNames.entries()) files.push(await fixture.downloaded(name, 10 + index));
  return fixture.adoption(9, { files });
}

/** Every listed file has the bytes it is listed with; returns the hashes. */
async function listedHashes(store: ModelStore): Promise<string[]> {
  const hashes: string[] = [];
  for (const { versions } of await store.list()) {
    for (const { files } of versions) {
      for (const { path, sha256 } of files) {
        const actual = await sha256Of(path);
        if (actual !== sha256) throw new Error(`${path} is listed as ${sha256} and is ${actual}`);
        hashes.push(actual);
      }
    }
  }
  return hashes;
}

async function mustList(store: ModelStore, seeds: readonly string[]): Promise<void> {
  const listed = await listedHashes(store);
  for (const hash of seeds) if (!listed.includes(hash)) throw new Error(`${hash} is lost`);
  if (listed.length !== new Set(listed).size) throw new Error("a file is listed twice");
}

async function rememberListed(fixture: StoreFixture): Promise<void> {
  await writeFile(join(fixture.root, "listed.json"), JSON.stringify(await listedHashes(fixture.open())));
}

async function remembered(fixture: StoreFixture): Promise<string[]> {
  return JSON.parse(await readFile(join(fixture.root, "listed.json"), "utf8")) as string[];
}

/** All of the adoption is a version, or all of it lies where the download left it; what was there before still is. */
async function checkAdoption(fixture: StoreFixture, store: ModelStore): Promise<void> {
  const { files } = await plannedAdoption(fixture);
  await mustList(store, await remembered(fixture));
  const listed = await listedHashes(store);
  const isListed = files.map(({ sha256 }) => listed.includes(sha256));
  if (isListed.includes(true) && isListed.includes(false)) throw new Error("half a model is listed");
  if (isListed[0]) return;
  for (const { path, sha256 } of files) if ((await sha256Of(path)) !== sha256) throw new Error(`${path} was changed`);
  await store.adopt({ ...(await plannedAdoption(fixture)) });
  await checkAdoption(fixture, store);
}

function adoptScenario(
  name: string,
  plan: (fixture: StoreFixture) => Promise<Adoption>,
  secondNames = true,
): CrashScenario {
  return {
    ...{ name, secondNames },
    async prepare(fixture) {
      await fixture.open().adopt(await fixture.adoption(1));
      await rememberListed(fixture);
      await planAdoption(fixture, await plan(fixture));
    },
    act: async (fixture, disk) => fixture.open({ disk }).adopt(await plannedAdoption(fixture)),
    check: checkAdoption,
  };
}

async function prepareTwoVersions(fixture: StoreFixture): Promise<void> {
  const store = fixture.open();
  await store.adopt(await fixture.adoption(1));
  await store.adopt(await fixture.adoption(2));
  await rememberListed(fixture);
}

const id = "tiny-q4-k-m";

async function checkListedOrInTrash(fixture: StoreFixture, store: ModelStore): Promise<void> {
  for (const entry of await store.trash()) await store.restore(entry.id);
  await mustList(store, await remembered(fixture));
}

async function filesBelow(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).filter((name) => name.endsWith(".gguf"));
}

async function checkOneCopy(fixture: StoreFixture, store: ModelStore): Promise<void> {
  await mustList(store, await remembered(fixture));
  const files = [...(await filesBelow(fixture.fast)), ...(await filesBelow(fixture.big))];
  if (files.length !== 2) throw new Error(`left behind: ${files.join(", ")}`);
}

export const crashScenarios: readonly CrashScenario[] = [
  adoptScenario("adopt a new version", (fixture) => fixture.adoption(2)),
  adoptScenario("adopt the same again", (fixture) => fixture.adoption(1)),
  adoptScenario("adopt a split model", splitAdoption),
  adoptScenario("adopt a split model where files have one name only", splitAdoption, false),
  {
    name: "move",
    prepare: prepareTwoVersions,
    act: (fixture, disk) => fixture.open({ disk }).move(id, "big"),
    check: checkOneCopy,
  },
  {
    name: "remove",
    prepare: prepareTwoVersions,
    act: (fixture, disk) => fixture.open({ disk }).remove(id),
    check: checkListedOrInTrash,
  },
  {
    name: "remove a version",
    prepare: prepareTwoVersions,
    async act(fixture, disk) {
      const store = fixture.open({ disk });
      return store.removeVersion(id, (await store.get(id)).versions[1]?.key ?? "");
    },
    check: checkListedOrInTrash,
  },
  {
    name: "restore",
    async prepare(fixture) {
      await prepareTwoVersions(fixture);
      await fixture.open().remove(id);
    },
    async act(fixture, disk) {
      const store = fixture.open({ disk });
      return store.restore((await store.trash())[0]?.id ?? "");
    },
    check: checkListedOrInTrash,
  },
  {
    name: "rollback",
    prepare: prepareTwoVersions,
    act: (fixture, disk) => fixture.open({ disk }).rollback(id),
    check: async (fixture, store) => mustList(store, await remembered(fixture)),
  },
];
