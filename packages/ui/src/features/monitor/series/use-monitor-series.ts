import type { MonitorRange } from "@deskside/contract";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useReducer, useState } from "react";
import { useClient, useDeskside } from "../../../app/client-context.tsx";
import { queryKeys } from "../../../app/query-keys.ts";
import { createSeriesBuffer, rangeMs, type SeriesBuffer } from "./series-buffer.ts";

/** Coarser readings come as rarely as they are made; the short ranges grow by what is told each second. */
const refetchMs: Record<MonitorRange, number | false> = {
  "1m": false,
  "15m": false,
  "1h": false,
  "24h": 10_000,
  "7d": 60_000,
};
/** Of a coarser resolution than is stored only for the longest range; peaks survive the thinning that follows. */
const mostPoints = 12_000;

export interface MonitorSeriesView {
  readonly buffer: SeriesBuffer;
  /** Milliseconds since 1970: the edges of all charts. */
  readonly from: number;
  readonly to: number;
  readonly known: boolean;
  readonly error: unknown;
}

/** The readings of a range, live until `paused`. */
export function useMonitorSeries(range: MonitorRange, paused: boolean): MonitorSeriesView {
  const client = useClient();
  const { telemetry } = useDeskside();
  const [buffer] = useState(createSeriesBuffer);
  const [, changed] = useReducer((count: number) => count + 1, 0);
  const { data, error } = useQuery({
    queryKey: queryKeys.monitorSeries(range),
    queryFn: ({ signal }) => client.monitor.series({ range, points: mostPoints }, { signal }),
    refetchInterval: paused ? false : refetchMs[range],
    // What came in between is in no cache: each visit reads anew.
    staleTime: 0,
    gcTime: 0,
    enabled: !paused,
  });
  useEffect(() => {
    if (!data) return;
    buffer.load(data, rangeMs[range]);
    changed();
    // A range of its own has data of its own.
  }, [buffer, data, range]);
  const live = !paused && refetchMs[range] === false && data !== undefined;
  useEffect(() => {
    if (!live) return undefined;
    const push = () => {
      const { sample } = telemetry.getState();
      if (!sample) return;
      const before = buffer.version;
      buffer.push(sample);
      if (buffer.version !== before) changed();
    };
    push();
    return telemetry.subscribe(push);
  }, [live, buffer, telemetry]);
  const to = buffer.at.at(-1) ?? Date.now();
  return { buffer, from: to - rangeMs[range], to, known: data !== undefined, error };
}

/** The readings around one answer; they do not move. */
export function useAnswerSlice(messageId: string) {
  const client = useClient();
  const [buffer] = useState(createSeriesBuffer);
  const [, changed] = useReducer((count: number) => count + 1, 0);
  const { data, error } = useQuery({
    queryKey: queryKeys.monitorSlice(messageId),
    queryFn: ({ signal }) => client.monitor.slice({ messageId }, { signal }),
  });
  useEffect(() => {
    if (!data) return;
    const [first] = data.series.at;
    buffer.load(data.series, (data.series.at.at(-1) ?? 0) - (first ?? 0));
    changed();
  }, [buffer, data]);
  return { slice: data ?? null, error, buffer };
}
