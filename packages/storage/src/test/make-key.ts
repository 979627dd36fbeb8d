// Gets the data key of a directory and prints it, for two processes that both find none.
import { writeSync } from "node:fs";
import { createKeyFileProvider } from "../data-dir/key-file-provider.ts";

const [dataDir = ""] = process.argv.slice(2);
const key = await createKeyFileProvider(dataDir).getDataKey();
writeSync(1, `${Buffer.from(key).toString("hex")}\n`);
