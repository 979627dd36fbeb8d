import { isCancellation } from "@deskside/base";
import type { Download, DownloadRequest } from "@deskside/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useClient } from "../client-context.tsx";
import { queryKeys } from "../query-keys.ts";
import { useErrorToast } from "../use-error-toast.ts";

/** Downloads that run, wait or ended since the start, in their order; null until they are known. */
export function useDownloads(): readonly Download[] | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: queryKeys.downloads,
    queryFn: ({ signal }) => client.library.download.list(undefined, { signal }),
  });
  return data ?? null;
}

/** What is done to downloads; refusals are told in toasts. */
export function useDownloadCommands() {
  const client = useClient();
  const queries = useQueryClient();
  const onError = useErrorToast();
  const onSettled = () => queries.invalidateQueries({ queryKey: queryKeys.downloads });
  const { download } = client.library;
  const start = useMutation({ mutationFn: (input: DownloadRequest) => download.start(input), onError, onSettled });
  const pause = useMutation({ mutationFn: (id: string) => download.pause({ id }), onError, onSettled });
  const resume = useMutation({ mutationFn: (id: string) => download.resume({ id }), onError, onSettled });
  const cancel = useMutation({ mutationFn: (id: string) => download.cancel({ id }), onError, onSettled });
  const forget = useMutation({ mutationFn: (id: string) => download.forget({ id }), onError, onSettled });
  const switchSource = useMutation({
    mutationFn: (input: { id: string; hub: string }) => download.switchSource(input),
    onError,
    onSettled,
  });
  const order = useMutation({
    mutationFn: (ids: readonly string[]) => download.order({ ids: [...ids] }),
    onError,
    onSettled,
  });
  return {
    start: start.mutate,
    starting: start.isPending ? (start.variables ?? null) : null,
    pause: pause.mutate,
    resume: resume.mutate,
    cancel: cancel.mutate,
    forget: forget.mutate,
    order: order.mutate,
    switchSource: switchSource.mutate,
  };
}

const moving: ReadonlySet<Download["state"]> = new Set(["running", "checking", "testing"]);

/** Keeps the bytes, rates and times of the downloads that move up to date for as long as the component stands. */
export function useFollowDownloads(): void {
  const client = useClient();
  const queries = useQueryClient();
  const downloads = useDownloads();
  const ids = (downloads ?? [])
    .filter(({ state }) => moving.has(state))
    .map(({ id }) => id)
    .sort()
    .join("\n");
  useEffect(() => {
    if (ids === "") return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const follow = async (id: string) => {
      for await (const event of await client.library.download.watch({ id }, { signal })) {
        queries.setQueryData<readonly Download[]>(queryKeys.downloads, (all) =>
          all?.map((one) => (one.id === id ? event.download : one)),
        );
      }
      await queries.invalidateQueries({ queryKey: queryKeys.downloads });
    };
    for (const id of ids.split("\n")) {
      follow(id).catch((error: unknown) => {
        // The list itself is asked again on every event; a lost connection is told by the frame.
        if (!isCancellation(error, signal)) void queries.invalidateQueries({ queryKey: queryKeys.downloads });
      });
    }
    return () => controller.abort();
  }, [ids, client, queries]);
}
