import { openSession } from "../open-session.ts";

interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

/** What this machine is, what runs and whether it is in order. */
export async function doctor(options: { dataDir: string; json: boolean }): Promise<void> {
  await using session = await openSession(options.dataDir);
  const { client } = session;
  const [info, engines, models] = await Promise.all([
    client.system.info(),
    client.model.engines(),
    client.model.list(),
  ]);
  const checks: Check[] = [
    { name: "store", ok: info.store.readOnly === null, detail: info.store.readOnly ?? "open, encrypted, writable" },
    {
      name: "quarantine",
      ok: info.store.quarantined === null,
      detail: info.store.quarantined?.path ?? "nothing put aside",
    },
    ...models.map((model) => ({
      name: `model ${model.id}`,
      ok: model.problem === null,
      detail: model.problem?.code ?? model.fileName,
    })),
  ];
  const report = {
    machine: {
      platform: info.platform,
      arch: info.arch,
      cpu: info.machine.cpu,
      cores: info.machine.cores,
      memoryBytes: info.machine.memoryBytes,
    },
    engine: { library: `node-llama-cpp ${info.versions.engineLibrary}`, gpu: "none", loaded: engines },
    versions: info.versions,
    checks,
    recommendations: [],
    warnings: [],
  };
  if (options.json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const lines = [
    `Deskside ${info.versions.deskside}, Node ${info.versions.node}, SQLite ${info.versions.sqlite}, ${report.engine.library}`,
    `${info.machine.cpu}, ${info.machine.cores} cores, ${(info.machine.memoryBytes / 2 ** 30).toFixed(1)} GB, ${info.platform} ${info.arch}`,
    `Data: ${info.dataDir}`,
    ...checks.map((check) => `${check.ok ? "ok  " : "FAIL"} ${check.name}: ${check.detail}`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
