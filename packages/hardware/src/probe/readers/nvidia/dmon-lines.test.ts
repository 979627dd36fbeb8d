import { expect, test } from "vitest";
import { createDmonParser } from "../../nvidia/nvidia-dmon.ts";

function readingsOf(text: string) {
  const parse = createDmonParser();
  return text.split("\n").flatMap((line) => parse(line) ?? []);
}

const MiB = 1024 ** 2;

test("columns of several drivers", () => {
  const newest = [
    "# gpu    pwr  gtemp  mtemp     sm    mem    enc    dec    jpg    ofa   mclk   pclk     fb   bar1   ccpm  rxpci  txpci",
    "# Idx      W      C      C      %      %      %      %      %      %    MHz    MHz     MB     MB     MB   MB/s   MB/s",
    "    0    150     60      -     90     70      0      0      0      0   7501   1882   9000      4      0    120     80",
    "    1    141     58      -     88     69      0      0      -      -   7501   1867   9000      2      0    100     60",
  ].join("\n");
  expect(readingsOf(newest)).toEqual([
    {
      ...{ index: 0, utilisation: 90, usedBytes: 9000 * MiB, temperature: 60, power: 150, clock: 1882e6 },
      ...{ receivedPerSecond: 120 * MiB, sentPerSecond: 80 * MiB },
    },
    expect.objectContaining({ index: 1, utilisation: 88, power: 141 }),
  ]);
  const clocksFirst =
    "# gpu    pwr  gtemp  mtemp   mclk   pclk     sm    mem  rxpci  txpci\n    0    365     55      -  12481   2415     99     58  21846   6849";
  expect(readingsOf(clocksFirst)).toMatchObject([{ utilisation: 99, clock: 2415e6, usedBytes: null }]);
  const old = "# gpu   pwr  temp    sm   mem\n# Idx     W     C     %     %\n    0    43    35     0     0";
  expect(readingsOf(old)).toMatchObject([{ power: 43, temperature: 35, utilisation: 0, receivedPerSecond: null }]);
});

test("a dash is not reported, and the header may change on the way", () => {
  const text =
    "# gpu    pwr     sm\n    0      -      -\n# gpu     sm    pwr\n# Idx      %      W\n    0     12     99";
  expect(readingsOf(text)).toMatchObject([
    { utilisation: null, power: null },
    { utilisation: 12, power: 99 },
  ]);
});

test("no header, short, long and odd lines give nothing", () => {
  expect(readingsOf("    0     64     34")).toEqual([]);
  const header = "# gpu    pwr     sm";
  for (const line of ["", "0 64", "0 64 1 2", "-1 5 5", "x 64 34", "1.5 64 34", "\u0000", "9".repeat(100_000)]) {
    expect(readingsOf(`${header}\n${line}`)).toEqual([]);
  }
  expect(readingsOf(`${header}\n0 -5 NaN`)).toMatchObject([{ power: null, utilisation: null }]);
  expect(readingsOf(`${header}\n0 5 140`)).toMatchObject([{ utilisation: 100 }]);
});
