import type { MachineProfile } from "@deskside/contract";
import type { GpuReading } from "@deskside/hardware";

/** A reader for the GPUs of one detection; it may own a process. */
export interface OpenGpuReader extends AsyncDisposable {
  read(): Promise<readonly GpuReading[]>;
}

export interface GpuSource extends AsyncDisposable {
  read(): Promise<readonly GpuReading[]>;
}

/**
 * Reads the GPUs of the newest detection: after the hardware was detected again, the reader of the old one is closed
 * and a new one opened. Nothing is opened before somebody reads.
 */
export function createGpuSource(
  profile: () => Promise<MachineProfile>,
  open: (profile: MachineProfile) => OpenGpuReader,
): GpuSource {
  let current: { readonly profile: MachineProfile; readonly reader: OpenGpuReader } | null = null;
  let closed = false;
  const leave = async () => {
    const leaving = current;
    current = null;
    await leaving?.reader[Symbol.asyncDispose]();
  };
  return {
    async read() {
      const newest = await profile();
      if (current?.profile.at !== newest.at) await leave();
      if (closed) return [];
      current ??= { profile: newest, reader: open(newest) };
      return current.reader.read();
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await leave();
    },
  };
}
