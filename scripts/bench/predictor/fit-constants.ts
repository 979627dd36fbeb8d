// The one common calibration: constants per group of devices, fitted to all rows of the group together.
import {
  type DecodeConstants,
  type DecodeTable,
  type DeviceGroup,
  decodeConstants,
  deviceGroupOf,
  noCalibration,
  predictSpeed,
  quantClassOf,
} from "@deskside/hardware";
import type { PredictorRow } from "./published-rows.ts";

/** The numbers of a group: efficiencies low, mid, high, of a mixture, and microseconds per layer. */
type Numbers = [low: number, mid: number, high: number, mixture: number, microseconds: number];

const lowest: Readonly<Numbers> = [0.25, 0.25, 0.25, 0.15, 0];
const highest: Readonly<Numbers> = [0.95, 0.95, 0.95, 0.95, 150];
/**
 * Most microseconds per layer: an efficiency near 1 with a long fixed time fits as well and predicts small models
 * badly. CUDA less, because half of its rows are of builds before CUDA graphs; the two dies of an Ultra more.
 */
const longest = (group: DeviceGroup): number => {
  if (group.startsWith("nvidia")) return 40;
  return group === "apple-ultra" ? highest[4] : 60;
};
/** Where the search starts, whatever the constants in use are. */
const start: Readonly<Numbers> = [0.5, 0.7, 0.8, 0.5, 20];
/** One step of the search is one step of what is printed. */
const steps: Readonly<Numbers> = [0.01, 0.01, 0.01, 0.01, 1];

export function groupOf(row: PredictorRow): DeviceGroup {
  const [gpu] = row.machine.gpus;
  const group = gpu ? deviceGroupOf(gpu) : null;
  if (!group) throw new Error(`${row.measurement.id}: no group`);
  return group;
}

export function predictRow(row: PredictorRow, constants?: DecodeTable): number {
  const { shape, plan, machine, depth } = row;
  const { tokensPerSecond } = predictSpeed(shape, plan, machine, { depth, calibration: noCalibration, constants });
  if (tokensPerSecond === null) throw new Error(`${row.measurement.id}: no prediction`);
  return tokensPerSecond;
}

/**
 * Coordinate descent on the mean |ln(predicted ÷ measured)| of each group, which a few odd rows do not pull away.
 * A class without a row follows its neighbour: low = 0.8 · mid, high = mid.
 */
export function fitConstants(rows: readonly PredictorRow[]): Map<DeviceGroup, Numbers> {
  const fitted = new Map<DeviceGroup, Numbers>();
  for (const [group, members] of Map.groupBy(rows, groupOf)) {
    const classes = new Set(members.filter(({ shape }) => !shape.experts).map(({ shape }) => quantClassOf(shape)));
    fitted.set(group, fillIn(descend(group, members), classes));
  }
  return fitted;
}

/** Every row predicted with constants fitted without any row of its device: what a new device may expect. */
export function predictUnseen(rows: readonly PredictorRow[]): { row: PredictorRow; predicted: number }[] {
  return [...Map.groupBy(rows, (row) => row.measurement.gpu)].flatMap(([device, members]) => {
    const groups = new Set(members.map(groupOf));
    const others = rows.filter((row) => row.measurement.gpu !== device && groups.has(groupOf(row)));
    const fitted = [...fitConstants(others)].map(([group, numbers]) => [group, constantsOf(numbers)] as const);
    const missing = [...groups].filter((group) => !fitted.some(([name]) => name === group));
    const assumed = missing.map((group) => [group, constantsOf([...start])] as const);
    const table = { ...decodeConstants, ...Object.fromEntries([...fitted, ...assumed]) };
    return members.map((row) => ({ row, predicted: predictRow(row, table) }));
  });
}

function descend(group: DeviceGroup, rows: readonly PredictorRow[]): Numbers {
  let best: Numbers = [...start];
  let loss = lossOf(group, rows, best);
  for (let reach = 16; reach >= 1; reach = Math.floor(reach / 2)) {
    for (let moved = true; moved; ) {
      moved = false;
      for (const candidate of neighbours(best, reach, longest(group))) {
        const next = lossOf(group, rows, candidate);
        if (next < loss - 1e-9) {
          [best, loss, moved] = [candidate, next, true];
        }
      }
    }
  }
  return best;
}

/** One number changed, or an efficiency and the fixed time together, which pull against each other. */
function neighbours(at: Numbers, reach: number, most: number): Numbers[] {
  const found: Numbers[] = [];
  for (let index = 0; index < at.length; index++) {
    for (const sign of [-1, 1]) {
      const one = moved(at, index, sign * reach);
      found.push(one);
      if (index < 4) found.push(moved(one, 4, reach), moved(one, 4, -reach));
    }
  }
  return found.filter((numbers) => numbers[4] <= most);
}

function moved(at: Numbers, index: number, by: number): Numbers {
  return at.map((value, other) => {
    if (other !== index) return value;
    const next = value + by * (steps[index] ?? 0);
    return Math.round(Math.min(highest[index] ?? 1, Math.max(lowest[index] ?? 0, next)) * 100) / 100;
  }) as Numbers;
}

function lossOf(group: DeviceGroup, rows: readonly PredictorRow[], numbers: Numbers): number {
  const table = { ...decodeConstants, [group]: constantsOf(numbers) };
  const errors = rows.map((row) => Math.abs(Math.log(predictRow(row, table) / row.measurement.tokensPerSecond)));
  return errors.reduce((sum, error) => sum + error, 0) / rows.length;
}

function fillIn([low, mid, high, mixture, fixed]: Numbers, classes: ReadonlySet<string>): Numbers {
  const filledLow = classes.has("low") ? low : Math.round(80 * mid) / 100;
  return [filledLow, mid, classes.has("high") ? high : mid, mixture, fixed];
}

function constantsOf([low, mid, high, mixture, microseconds]: Numbers): DecodeConstants {
  return { efficiency: { low, mid, high }, mixture, secondsPerLayer: microseconds * 1e-6 };
}
