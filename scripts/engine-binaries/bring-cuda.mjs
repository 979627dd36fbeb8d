// `npm start` on a machine with an NVIDIA GPU: fetches the CUDA engine when it is of use here and not there yet. Without
// an NVIDIA driver this costs one program that does not exist, and no network.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../run-command.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const askMs = 10_000;
const fetchMs = 30 * 60_000;

/**
 * Whatever goes wrong is said in a line, and Vulkan or the processor is used.
 * @param {{ say: (line: string) => void, node: string, env?: NodeJS.ProcessEnv, nvidiaSmi?: string }} options
 *   `node`: Node 24, which runs the part that the app has too
 */
export async function bringCuda({ say, node, env = process.env, nvidiaSmi = "nvidia-smi" }) {
  if (env["DESKSIDE_NO_CUDA"]) return;
  const gpus = await askNvidia(nvidiaSmi);
  if (gpus.length === 0) return;
  const registry = env["DESKSIDE_NPM_REGISTRY"] ?? env["npm_config_registry"] ?? (await askNpm());
  const result = await runCommand(node, [join(here, "fetch-cuda.ts"), JSON.stringify(gpus)], {
    env: { ...env, ...(registry ? { DESKSIDE_NPM_REGISTRY: registry } : {}), NODE_USE_ENV_PROXY: "1" },
    output: "inherit",
    timeoutMs: fetchMs,
  });
  if (result.timedOut)
    say(`The CUDA engine was not fetched within ${fetchMs / 60_000} minutes: Vulkan or the processor is used.`);
  else if (result.code !== 0)
    say(`The CUDA engine was not fetched (exit code ${result.code}): Vulkan or the processor is used.`);
}

/**
 * @param {string} command
 * @returns {Promise<{ name: string, driver: string | null, capability: string | null }[]>} none without a working driver
 */
async function askNvidia(command) {
  // Drivers before 510 do not know compute_cap.
  for (const fields of ["name,driver_version,compute_cap", "name,driver_version"]) {
    const printed = await stdoutOf(command, [`--query-gpu=${fields}`, "--format=csv,noheader"]);
    const gpus = parseGpus(printed);
    if (gpus.length > 0) return gpus;
  }
  return [];
}

/**
 * Lines of `nvidia-smi --query-gpu=name,driver_version[,compute_cap] --format=csv,noheader`; what looks otherwise is
 * no GPU.
 * @param {string} printed
 */
export function parseGpus(printed) {
  return printed.split(/\r?\n/).flatMap((line) => {
    const [name = "", driver = "", capability = ""] = line.split(",").map((part) => part.trim());
    if (name === "" || !/^\d+(\.\d+)+$/.test(driver)) return [];
    return [{ name, driver, capability: /^\d+\.\d+$/.test(capability) ? capability : null }];
  });
}

async function askNpm() {
  const printed = await stdoutOf(process.platform === "win32" ? "npm.cmd" : "npm", ["config", "get", "registry"]);
  return /^https?:\/\/\S+$/.test(printed.trim()) ? printed.trim() : undefined;
}

/**
 * Empty when it cannot be started, fails or takes too long.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
function stdoutOf(command, args) {
  const limits = { timeout: askMs, maxBuffer: 2 ** 20, windowsHide: true, shell: command.endsWith(".cmd") };
  return new Promise((resolve) => {
    execFile(command, [...args], limits, (error, stdout) => resolve(error ? "" : String(stdout)));
  });
}
