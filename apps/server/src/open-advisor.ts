import { openRecordedMachine } from "@deskside/backend";
import type { FitReport } from "@deskside/contract";
import { openSession } from "./open-session.ts";
import { modelsDir } from "./places.ts";

export interface OpenAdvisor extends AsyncDisposable {
  fit(question: { model: string; contextSize: number | null; slots: number }): Promise<FitReport>;
}

/** Advice about this machine, or about a recorded one: then no data directory is touched. */
export async function openAdvisor(options: { dataDir: string; fixture: string | null }): Promise<OpenAdvisor> {
  if (options.fixture !== null) {
    const { advisor } = await openRecordedMachine(options.fixture, modelsDir());
    return { fit: (question) => advisor.fit(question), [Symbol.asyncDispose]: async () => undefined };
  }
  const session = await openSession(options.dataDir);
  return {
    fit: (question) => session.client.hardware.fit(question),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
