import type { ReadText } from "../../read-text.ts";

/**
 * What drivers answer for a sensor that is there and has no value at this moment: asleep, not wired, being reset.
 * https://docs.kernel.org/hwmon/sysfs-interface.html leaves it to them.
 */
const noValue = new Set<string | undefined>([
  "EIO",
  "EAGAIN",
  "EBUSY",
  "ENODATA",
  "ENXIO",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ETIMEDOUT",
  "EREMOTEIO",
  "EINTR",
]);

/** Null also where the sensor has no value now; else one broken sensor would take the whole reading with it. */
export async function readSensor(readText: ReadText, path: string): Promise<string | null> {
  try {
    return await readText(path);
  } catch (error) {
    const { code, errno } = error as NodeJS.ErrnoException;
    // EREMOTEIO and ENODATA have no name in libuv: it hands such a number through.
    if (noValue.has(code) || (code?.startsWith("Unknown system error") && errno !== undefined)) return null;
    throw error;
  }
}
