import { isCancellation } from "@deskside/base";
import type { BenchReport } from "@deskside/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { queryKeys } from "../../../app/query-keys.ts";
import { useErrorToast } from "../../../app/use-error-toast.ts";

export interface RunningBench {
  readonly done: number;
  readonly total: number;
  readonly report: BenchReport | null;
}

/** A benchmark that this window starts and follows; leaving the page cancels nothing. */
export function useBench() {
  const client = useClient();
  const queries = useQueryClient();
  const showError = useErrorToast();
  const [running, setRunning] = useState<RunningBench | null>(null);
  const benchId = useRef<string | null>(null);
  const leave = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    leave.current = controller;
    return () => controller.abort();
  }, []);

  const follow = async (model: string) => {
    const { signal } = leave.current;
    const started = await client.bench.start({ model });
    benchId.current = started.benchId;
    for await (const event of await client.bench.watch({ benchId: started.benchId }, { signal })) {
      if (event.type === "progress") setRunning({ done: event.done, total: event.total, report: event.report });
      if (event.type === "failed") showError(event.error);
    }
    await queries.invalidateQueries({ queryKey: queryKeys.benchReports });
  };
  const start = (model: string) => {
    setRunning({ done: 0, total: 0, report: null });
    follow(model)
      .catch((error: unknown) => {
        if (!isCancellation(error, leave.current.signal)) showError(error);
      })
      .finally(() => {
        benchId.current = null;
        setRunning(null);
      });
  };
  const stop = () => {
    if (benchId.current !== null) client.bench.cancel({ benchId: benchId.current }).catch(showError);
  };
  return { running, start, stop };
}

/** Newest first; null until they are known. */
export function useBenchReports(): readonly BenchReport[] | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: queryKeys.benchReports,
    queryFn: ({ signal }) => client.bench.reports(undefined, { signal }),
  });
  return data ?? null;
}
