import type { ThreadSpeed } from "@deskside/contract";

/**
 * The number of threads that holds up: fast alone, and not ruined when something else runs. llama.cpp's threads wait
 * for each other in busy loops, so the count that is fastest on an idle machine can fall to a hundredth beside another
 * program. Judged by the geometric mean of both speeds; of equals (within 3 %) the smaller count. Null without data.
 */
export function chooseMeasuredThreads(speeds: readonly ThreadSpeed[]): number | null {
  const scored = speeds
    .map((speed) => ({
      threads: speed.threads,
      score: Math.sqrt(Math.max(0, speed.idleTokensPerSecond) * Math.max(0, speed.busyTokensPerSecond)),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => a.threads - b.threads);
  const best = Math.max(...scored.map(({ score }) => score));
  return scored.find(({ score }) => score >= best * 0.97)?.threads ?? null;
}
