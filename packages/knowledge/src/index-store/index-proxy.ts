import type { PassageIndex } from "./passage-index.ts";

/** Every method of the interface, by name: a new one that is missing here does not compile. */
const methods: Readonly<Record<keyof PassageIndex, true>> = {
  ...{ createCollection: true, listCollections: true, getCollection: true, changeCollection: true },
  ...{ removeCollection: true, useModel: true, addDocument: true, getDocument: true, listDocuments: true },
  ...{ changeDocument: true, removeDocument: true, saveText: true, readText: true, setPassages: true },
  ...{
    readPassages: true,
    documentPassages: true,
    pendingPassages: true,
    setVectors: true,
    search: true,
    stats: true,
    backup: true,
    close: true,
  },
};

/** An index whose calls all go through one function, which decides where they are answered. */
export function createIndexProxy(
  call: (method: keyof PassageIndex, args: readonly unknown[]) => Promise<unknown>,
): PassageIndex {
  const names = Object.keys(methods) as (keyof PassageIndex)[];
  // Values come from the same interface, wherever it is.
  return Object.fromEntries(
    names.map((method) => [method, (...args: readonly unknown[]) => call(method, args)]),
  ) as unknown as PassageIndex;
}
