import { isCancellation } from "@deskside/base";
import type { BundleJob, BundleResult } from "@deskside/contract";
import { DesksideError } from "@deskside/base";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { queryKeys } from "../../../app/query-keys.ts";
import { useErrorToast } from "../../../app/use-error-toast.ts";
import { useText } from "../../../i18n/use-text.ts";
import { toast } from "../../../primitives/index.ts";

export interface BundleRun {
  /** Null = nothing runs. */
  readonly job: BundleJob | null;
  readonly starting: boolean;
  start(begin: () => Promise<BundleJob>): void;
  stop(): void;
}

/** One bundle that is written or read: the backend does the work, and goes on when the window closes. */
export function useBundleJob(onDone: (result: BundleResult) => void): BundleRun {
  const client = useClient();
  const queries = useQueryClient();
  const tell = useErrorToast();
  const { t } = useText();
  const [job, setJob] = useState<BundleJob | null>(null);
  const [starting, setStarting] = useState(false);
  const watching = useRef(new AbortController());
  useEffect(() => () => watching.current.abort(), []);

  async function run(begin: () => Promise<BundleJob>): Promise<void> {
    watching.current = new AbortController();
    const { signal } = watching.current;
    const started = await begin();
    setJob(started);
    for await (const event of await client.library.bundle.watch({ id: started.id }, { signal })) {
      setJob(event.job);
      if (event.type === "failed") throw new DesksideError(event.error);
      if (event.type === "cancelled") toast({ tone: "warn", text: t("bundle.stopped") });
      if (event.type === "done") onDone(event.result);
    }
    for (const key of [queryKeys.models, queryKeys.storage, queryKeys.settings, queryKeys.catalogue]) {
      void queries.invalidateQueries({ queryKey: key });
    }
  }
  return {
    job,
    starting,
    start(begin) {
      setStarting(true);
      run(begin)
        .catch((error: unknown) => {
          if (!isCancellation(error, watching.current.signal)) tell(error);
        })
        .finally(() => {
          setStarting(false);
          setJob(null);
        });
    },
    stop() {
      if (job) client.library.bundle.cancel({ id: job.id }).catch(tell);
    },
  };
}
