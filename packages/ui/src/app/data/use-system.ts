import type { EgressEntry, SystemInfo } from "@deskside/contract";
import { useQuery } from "@tanstack/react-query";
import { useClient, useTelemetryStore } from "../client-context.tsx";
import { queryKeys } from "../query-keys.ts";

/** Null until it is known. */
export function useSystemInfo(): SystemInfo | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: queryKeys.info,
    queryFn: ({ signal }) => client.system.info(undefined, { signal }),
  });
  return data ?? null;
}

/** Nothing tells when the record grows, so it is read again while it is on screen. */
const egressRefetchMs = 5000;

/** The outbound record, newest first; null until it is known. */
export function useEgress(): readonly EgressEntry[] | null {
  const client = useClient();
  const connected = useTelemetryStore((state) => state.latest !== null);
  const { data } = useQuery({
    queryKey: queryKeys.egress,
    queryFn: ({ signal }) => client.system.egress({ limit: 100 }, { signal }),
    refetchInterval: connected ? egressRefetchMs : false,
  });
  return data ?? null;
}
