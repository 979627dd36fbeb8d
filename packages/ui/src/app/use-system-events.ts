import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useDeskside } from "./client-context.tsx";
import { watchSystemEvents } from "./connection/watch-system-events.ts";

/** Follows the backend for as long as the component stands; once in a window, in the shell. */
export function useSystemEvents(): void {
  const { client, engines, telemetry } = useDeskside();
  const queries = useQueryClient();
  useEffect(() => {
    const controller = new AbortController();
    void watchSystemEvents({ client, engines, telemetry, queries }, { signal: controller.signal });
    return () => controller.abort();
  }, [client, engines, telemetry, queries]);
}
