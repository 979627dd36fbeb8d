import { join } from "node:path";
import { writeGguf } from "@deskside/testing";
import { ggufShape, ggufShapeNames } from "@deskside/testing/gguf-shapes";

/** Writes the generated models into `folder`; a name and a path for each. */
export async function writeShapeFiles(folder: string): Promise<{ name: string; path: string }[]> {
  const files = ggufShapeNames.map((name) => ({ name, path: join(folder, `${name}.gguf`) }));
  for (const { name, path } of files) await writeGguf(path, ggufShape(name));
  return files;
}
