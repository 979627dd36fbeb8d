/** Live figures of one GPU. Null = not reported. Percent, bytes, °C, watts, hertz, bytes a second. */
export interface GpuReading {
  /** `Gpu.id` of the profile. */
  readonly id: string;
  readonly name: string;
  readonly utilisation: number | null;
  readonly vramTotalBytes: number | null;
  readonly vramUsedBytes: number | null;
  readonly temperature: number | null;
  readonly power: number | null;
  readonly clock: number | null;
  readonly pcieReceivePerSecond: number | null;
  readonly pcieSendPerSecond: number | null;
  readonly nvlinkPerSecond: number | null;
}

/** Live figures of the rest of the machine. Rates are since the call before; null at the first one. */
export interface MachineReading {
  readonly cpuUtilisation: number | null;
  readonly cpuTemperature: number | null;
  readonly diskFreeBytes: number | null;
  readonly diskReadPerSecond: number | null;
  readonly diskWritePerSecond: number | null;
}

/** Never waits for a slow tool: gives the newest reading at hand. */
export interface GpuReader extends AsyncDisposable {
  read(): Promise<readonly GpuReading[]>;
}

export interface MachineReader extends AsyncDisposable {
  read(): Promise<MachineReading>;
}
