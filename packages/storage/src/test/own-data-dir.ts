// Tries to own the data directory, says how that went, and holds it until it is killed.
import { writeSync } from "node:fs";
import { isDesksideError } from "@deskside/base";
import { acquireDataDir } from "../data-dir/data-dir-lease.ts";

const [dataDir = "", address = ""] = process.argv.slice(2);
const startedAt = performance.now();
try {
  const lease = await acquireDataDir(dataDir, { pid: process.pid });
  lease.publish({ address, token: "secret-token" });
  writeSync(1, `own ${process.pid}\n`);
  setInterval(() => lease.writable, 1000);
} catch (error) {
  if (!isDesksideError(error)) throw error;
  const elapsed = Math.round(performance.now() - startedAt);
  writeSync(1, `lost ${elapsed} ${JSON.stringify(error.toData())}\n`);
}
