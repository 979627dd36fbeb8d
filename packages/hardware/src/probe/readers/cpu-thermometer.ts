import type { ReadText } from "../../read-text.ts";

/** hwmon drivers of processors, and the label that means the whole package. */
const drivers = ["coretemp", "k10temp", "zenpower", "cpu_thermal", "cpu-thermal"];
const labels = /^(?:Package id 0|Tctl|Tdie)$/;
const zones = /^(?:x86_pkg_temp|cpu[-_]?thermal|soc[-_]thermal|cpu0?-thermal)$/i;

/** The file with the processor's temperature in thousandths of °C; null where the machine shows none. */
export async function findCpuThermometer(
  readText: ReadText,
  listFolder: (path: string) => Promise<readonly string[]>,
): Promise<string | null> {
  const line = async (path: string) => ((await readText(path)) ?? "").slice(0, 200).trim();
  for (const name of (await listFolder("/sys/class/hwmon")).slice(0, 64)) {
    const folder = `/sys/class/hwmon/${name}`;
    if (!drivers.includes(await line(`${folder}/name`))) continue;
    const inputs = (await listFolder(folder)).filter((file) => /^temp\d+_input$/.test(file));
    for (const input of inputs) {
      if (labels.test(await line(`${folder}/${input.replace("_input", "_label")}`))) return `${folder}/${input}`;
    }
    if (inputs[0]) return `${folder}/${inputs[0]}`;
  }
  for (const name of (await listFolder("/sys/class/thermal")).filter((one) => one.startsWith("thermal_zone"))) {
    if (zones.test(await line(`/sys/class/thermal/${name}/type`))) return `/sys/class/thermal/${name}/temp`;
  }
  return null;
}
