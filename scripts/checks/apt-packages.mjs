// Debian packages that tests need, where they may be installed.
import { existsSync } from "node:fs";
import { runCommand } from "../run-command.mjs";

const updateMs = 3 * 60_000;
const installMs = 10 * 60_000;

/** @returns {"no-apt" | "not-root" | undefined} undefined = packages can be installed */
export function whyNoPackages() {
  if (process.platform !== "linux" || !existsSync("/usr/bin/apt-get")) return "no-apt";
  return process.getuid?.() === 0 ? undefined : "not-root";
}

/**
 * @param {string} name
 * @returns {Promise<string | undefined>} why it failed, in one line
 */
export async function installPackage(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const bounded = ["-o", "Acquire::http::Timeout=30", "-o", "Acquire::https::Timeout=30", "-o", "Acquire::Retries=1"];
  const update = await runCommand("apt-get", [...bounded, "update"], { env, output: "collect", timeoutMs: updateMs });
  const packages = ["install", "-y", "--no-install-recommends", name];
  const install = await runCommand("apt-get", [...bounded, ...packages], {
    ...{ env, output: "collect", timeoutMs: installMs },
  });
  if (install.code === 0) return undefined;
  const why = [...install.output.split("\n"), ...update.output.split("\n")].find((line) => line.startsWith("E:"));
  return `${name} could not be installed (${install.timedOut ? "it took too long" : (why ?? `exit ${install.code}`)})`;
}
