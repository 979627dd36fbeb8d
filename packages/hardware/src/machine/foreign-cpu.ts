import { withTimeout } from "@deskside/base";

/** What Node does not know about a processor outside Linux. */
export interface ForeignCpu {
  readonly name: string;
  readonly physicalCores: number;
}

const longestMs = 3000;

/**
 * Name and cores on macOS and Windows, from the system's own tools (sysctl, WMI) through systeminformation. Null when
 * they do not answer in three seconds or make no sense; the caller then counts processors.
 */
export async function readForeignCpu(): Promise<ForeignCpu | null> {
  // Loaded only where it is needed: on Linux /proc and /sys say more, and say it at once.
  const { cpu } = await import("systeminformation");
  try {
    const { manufacturer, brand, physicalCores } = await withTimeout(cpu(), longestMs, () => new ProbeTimeout());
    if (!Number.isInteger(physicalCores) || physicalCores < 1) return null;
    return { name: brand.startsWith(manufacturer) ? brand : `${manufacturer} ${brand}`, physicalCores };
  } catch (error) {
    if (error instanceof ProbeTimeout) return null;
    throw error;
  }
}

class ProbeTimeout extends Error {}
