import { useContext, useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useTheme } from "../../../app/appearance/use-theme.ts";
import { useSetting } from "../../../app/use-settings.ts";
import { CursorContext } from "./cursor-store.ts";
import { drawData, drawOptions, type DrawSource } from "./draw-options.ts";

export interface TimeChartProps extends DrawSource {
  readonly times: readonly number[];
  /** Grows with each change of the readings. */
  readonly version: number;
  /** The chart in words, with its figures. */
  readonly label: string;
}

const height = 160;
const syncKey = "monitor";

/** A chart over time on a canvas. Its words are the label; the figures are beside it and in the table. */
export function TimeChart(props: TimeChartProps) {
  const { spec, times, version, from, to, label, dense } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef<DrawSource>(props);
  const cursor = useContext(CursorContext);
  const theme = useTheme();
  const scale = useSetting("general.zoom") / 100;
  latest.current = props;
  const shape = [String(dense), ...spec.lines.map((line) => `${line.label}/${line.color}/${line.style}`)].join();

  useLayoutEffect(() => {
    const element = host.current;
    // A browser without a canvas (or a test) still has the figures and the table.
    if (!element || spec.lines.length === 0 || !canDraw()) return undefined;
    const { spec: first } = latest.current;
    const drawn = new uPlot(
      drawOptions({
        source: () => latest.current,
        syncKey,
        width: Math.max(120, element.clientWidth),
        height: height * scale,
        scale,
        onPoint: (row) => cursor.getState().point(row),
      }),
      drawData(first, []),
      element,
    );
    plot.current = drawn;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) drawn.setSize({ width: element.clientWidth, height: height * scale });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current = null;
      drawn.destroy();
      cursor.getState().point(null);
    };
  }, [shape, cursor, scale]);

  useEffect(() => {
    plot.current?.setData(drawData(spec, times));
  }, [spec, times, version, from, to, shape, scale]);

  useEffect(() => {
    if (theme !== "") plot.current?.redraw(true, true);
  }, [theme]);

  // The zoom is taken back and the plot drawn larger instead: sharp, and the pointer is where it seems to be.
  return <div className="plot" ref={host} role="img" aria-label={label} style={{ zoom: 1 / scale }} />;
}

function canDraw(): boolean {
  return document.createElement("canvas").getContext("2d") !== null;
}
