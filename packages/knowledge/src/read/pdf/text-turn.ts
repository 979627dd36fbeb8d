import type { Box } from "../../document/document-schemas.ts";

/** Quarter turns with the clock that text makes on a page. */
export type Turn = 0 | 1 | 2 | 3;

export type Matrix = readonly [number, number, number, number, number, number];

/** Turns a page of this size so that text upright in it reads from left to right. */
export function turnMatrix(turn: Turn, { width, height }: { width: number; height: number }): Matrix {
  if (turn === 1) return [0, -1, 1, 0, 0, width];
  if (turn === 2) return [-1, 0, 0, -1, width, height];
  if (turn === 3) return [0, 1, -1, 0, height, 0];
  return [1, 0, 0, 1, 0, 0];
}

/** A box of the turned page as fractions of the page as it is shown. */
export function turnBack({ x, y, width, height }: Box, turn: Turn): Box {
  if (turn === 1) return { x: 1 - y - height, y: x, width: height, height: width };
  if (turn === 2) return { x: 1 - x - width, y: 1 - y - height, width, height };
  if (turn === 3) return { x: y, y: 1 - x - width, width: height, height: width };
  return { x, y, width, height };
}

export function multiply(m: readonly number[], t: readonly number[]): Matrix {
  const [m0 = 1, m1 = 0, m2 = 0, m3 = 1, m4 = 0, m5 = 0] = m;
  const [t0 = 1, t1 = 0, t2 = 0, t3 = 1, t4 = 0, t5 = 0] = t;
  return [
    m0 * t0 + m2 * t1,
    m1 * t0 + m3 * t1,
    m0 * t2 + m2 * t3,
    m1 * t2 + m3 * t3,
    m0 * t4 + m2 * t5 + m4,
    m1 * t4 + m3 * t5 + m5,
  ];
}
