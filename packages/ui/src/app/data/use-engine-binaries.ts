import { isCancellation } from "@deskside/base";
import type { EngineBinaries, EngineBinary, GpuApi } from "@deskside/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useClient } from "../client-context.tsx";
import { queryKeys } from "../query-keys.ts";
import { useErrorToast } from "../use-error-toast.ts";
import type { Asked } from "./use-hardware.ts";

/** The engine's native packages of this machine. */
export function useEngineBinaries(): Asked<EngineBinaries> {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: queryKeys.engineBinaries,
    queryFn: ({ signal }) => client.engineBinaries.list(undefined, { signal }),
  });
  return { data: data ?? null, error };
}

export function useEngineBinaryCommands(api: GpuApi) {
  const client = useClient();
  const queries = useQueryClient();
  const showError = useErrorToast();
  const onSettled = () => queries.invalidateQueries({ queryKey: queryKeys.engineBinaries });
  const get = useMutation({ mutationFn: () => client.engineBinaries.fetch({ api }), onError: showError, onSettled });
  const cancel = useMutation({
    mutationFn: () => client.engineBinaries.cancel({ api }),
    onError: showError,
    onSettled,
  });
  const trial = useMutation({ mutationFn: () => client.engineBinaries.test({ api }), onError: showError, onSettled });
  return { get: () => get.mutate(), cancel: () => cancel.mutate(), try: () => trial.mutate(), trying: trial.isPending };
}

/** Follows a fetch that runs, wherever it was started, and tells how it ended. */
export function useFollowFetch({ api, progress }: EngineBinary): void {
  const client = useClient();
  const queries = useQueryClient();
  const showError = useErrorToast();
  const running = progress !== null;
  useEffect(() => {
    if (!running) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const show = (next: EngineBinary["progress"]) =>
      queries.setQueryData<EngineBinaries>(
        queryKeys.engineBinaries,
        (all) =>
          all && { ...all, binaries: all.binaries.map((one) => (one.api === api ? { ...one, progress: next } : one)) },
      );
    const follow = async () => {
      for await (const event of await client.engineBinaries.watch({ api }, { signal })) {
        if (event.type === "progress") show(event.progress);
        if (event.type === "failed") showError(event.error);
      }
      await queries.invalidateQueries({ queryKey: queryKeys.engineBinaries });
      await queries.invalidateQueries({ queryKey: queryKeys.machine });
    };
    follow().catch((error: unknown) => {
      if (!isCancellation(error, signal)) showError(error);
    });
    return () => controller.abort();
  }, [api, running, client, queries, showError]);
}
