import { useSyncExternalStore } from "react";

/**
 * How much room there is, in pixels of the interface (a zoomed window has fewer): from 1200 all panes; from 1024 the
 * inspector lies over the content; below, the list does too; under 960 one pane at a time.
 */
export type WindowMode = "wide" | "medium" | "narrow" | "single";

export function modeOfWidth(width: number): WindowMode {
  if (width >= 1200) return "wide";
  if (width >= 1024) return "medium";
  return width >= 960 ? "narrow" : "single";
}

/** @param zoom percent */
export function useWindowMode(zoom: number): WindowMode {
  return useSyncExternalStore(subscribe, () => modeOfWidth(Math.round((window.innerWidth * 100) / zoom)));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("resize", listener);
  return () => window.removeEventListener("resize", listener);
}
