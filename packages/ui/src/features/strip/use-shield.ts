import { useEffect, useMemo, useState } from "react";
import { useConnectionStore, useTelemetryStore } from "../../app/client-context.tsx";
import { useEgress } from "../../app/data/use-system.ts";
import { type ShieldView, viewShield } from "./shield-view.ts";

const storageKey = "deskside.record-seen";
/** A reading comes each second; what is older than this is no reading. */
const staleMs = 5000;

export interface Shield {
  readonly view: ShieldView;
  /** The record was looked at: blocked attempts up to now are known. */
  markSeen(): void;
}

export function useShield(): Shield {
  const connection = useConnectionStore((state) => state.phase);
  const telemetry = useTelemetryStore((state) => state.latest);
  const forget = useTelemetryStore((state) => state.actions.forget);
  const egress = useEgress();
  const [seenAt, setSeenAt] = useState(readSeen);

  useEffect(() => {
    if (!telemetry) return;
    const timer = setTimeout(forget, staleMs);
    return () => clearTimeout(timer);
  }, [telemetry, forget]);

  const reading = telemetry?.connections ?? null;
  const view = useMemo(
    () => viewShield({ connection, reading, egress: egress ?? [], seenAt }),
    [connection, reading, egress, seenAt],
  );
  const markSeen = () => {
    const now = Date.now();
    setSeenAt(now);
    writeSeen(now);
  };
  return { view, markSeen };
}

function readSeen(): number {
  try {
    return Number(localStorage.getItem(storageKey) ?? "0") || 0;
  } catch {
    return 0;
  }
}

function writeSeen(at: number): void {
  try {
    localStorage.setItem(storageKey, String(at));
  } catch {
    // Forbidden storage: the shield is red again after a reload, which is the safe side.
  }
}
