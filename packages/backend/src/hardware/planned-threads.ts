import { chooseThreads, type Machine } from "@deskside/hardware";
import type { LoadRecord } from "@deskside/storage";
import { chooseMeasuredThreads } from "../bench/choose-measured-threads.ts";

/** Models below and above this size of weights want different counts; measurements of one say nothing about the other. */
const smallWeightsBytes = 32 * 2 ** 20;

/** Threads on the processor: what the person set; else what a measurement on this machine chose; else by rule. */
export function planThreads(options: {
  setting: number | null;
  weightBytes: number;
  machine: Machine;
  records: readonly LoadRecord[];
}): number {
  const { setting, weightBytes, machine, records } = options;
  if (setting !== null) return Math.min(setting, machine.logicalCores);
  const small = weightBytes < smallWeightsBytes;
  const onCpu = records.filter(
    ({ plan, predicted }) =>
      plan.api === "none" && predicted.memoryBytes > 0 && weightsOf(predicted.devices) < smallWeightsBytes === small,
  );
  return (
    chooseMeasuredThreads(speedsByThreads(onCpu)) ??
    chooseThreads({ ...machine, availableParallelism: machine.logicalCores, weightBytes })
  );
}

function weightsOf(devices: readonly { weightsBytes: number }[]): number {
  return devices.reduce((sum, { weightsBytes }) => sum + weightsBytes, 0);
}

/** The newest pair of an idle and a busy measurement for each count of one model. */
function speedsByThreads(records: readonly LoadRecord[]) {
  const newestModel = records.find(({ purpose }) => purpose === "threads-busy")?.modelKey;
  const ofModel = records.filter(({ modelKey }) => modelKey === newestModel);
  const counts = [...new Set(ofModel.map(({ plan }) => plan.threads))];
  return counts.flatMap((threads) => {
    const speed = (purpose: LoadRecord["purpose"]) =>
      ofModel.find((record) => record.plan.threads === threads && record.purpose === purpose)?.tokensPerSecond;
    const [idle, busy] = [speed("threads-idle"), speed("threads-busy")];
    if (idle === undefined || idle === null || busy === undefined || busy === null) return [];
    return [{ threads, idleTokensPerSecond: idle, busyTokensPerSecond: busy }];
  });
}
