import { isCancellation, sleep } from "@deskside/base";
import type { SystemEvent } from "@deskside/contract";
import type { QueryClient } from "@tanstack/react-query";
import { backoffMs } from "./backoff.ts";
import type { Deskside } from "../client-context.tsx";
import { queryKeys } from "../query-keys.ts";

export type SystemEventTargets = Pick<Deskside, "client" | "engines" | "telemetry"> & { queries: QueryClient };

/**
 * One subscription to what changes in the backend, kept up until `signal` aborts. A broken one is made again with
 * growing pauses. Whatever happened in between was missed, so each new subscription refetches all that is shown.
 */
export async function watchSystemEvents(targets: SystemEventTargets, options: { signal: AbortSignal }): Promise<void> {
  const { signal } = options;
  let failures = 0;
  let seenBefore = false;
  while (!signal.aborted) {
    try {
      const events = await targets.client.system.events(undefined, { signal });
      for await (const event of events) {
        if (event.type === "hello" && seenBefore) await targets.queries.invalidateQueries();
        seenBefore = true;
        failures = 0;
        applySystemEvent(event, targets);
      }
    } catch (error) {
      if (isCancellation(error, signal) || signal.aborted) return;
    }
    // What is not read is not known: a stale green shield would be a lie.
    targets.telemetry.getState().actions.forget();
    targets.engines.getState().actions.forget();
    await sleep(backoffMs(failures++), { signal }).catch(() => undefined);
  }
}

/** Exported for its table test: which event touches what. */
export function applySystemEvent(event: SystemEvent, targets: Omit<SystemEventTargets, "client">): void {
  const refetch = (queryKey: readonly unknown[]) => void targets.queries.invalidateQueries({ queryKey });
  switch (event.type) {
    case "hello":
    case "engines":
      return targets.engines.getState().actions.replace(event.engines);
    case "telemetry":
      return targets.telemetry.getState().actions.push(event.telemetry);
    case "chats":
      return refetch(queryKeys.chats);
    case "chat":
      return refetch(queryKeys.chat(event.chatId));
    case "settings":
      refetch(queryKeys.hubs);
      return refetch(queryKeys.settings);
    case "models":
      refetch(queryKeys.storage);
      refetch(queryKeys.catalogue);
      return refetch(queryKeys.models);
    case "knowledge":
      return refetch(queryKeys.knowledge);
    case "downloads":
      return refetch(queryKeys.downloads);
    case "info":
      return refetch(queryKeys.info);
    case "machine":
      refetch(queryKeys.catalogue);
      return refetch(queryKeys.machine);
    case "monitor":
      return targets.telemetry.getState().actions.pushSample(event.sample);
    case "alerts":
      return void targets.queries.setQueryData(queryKeys.alerts, event.alerts);
  }
}
