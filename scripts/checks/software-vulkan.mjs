// A Vulkan device made of software, so that the tests of the GPU path run on a machine without a GPU.
import { existsSync, readdirSync } from "node:fs";
import { installPackage, whyNoPackages } from "./apt-packages.mjs";

const drivers = "/usr/share/vulkan/icd.d";

/**
 * Installs Debian's software driver where that may be done. Where not, those tests are skipped and counted as skipped.
 * @param {(line: string) => void} say
 */
export async function installSoftwareVulkan(say) {
  const there = existsSync(drivers) && readdirSync(drivers).some((name) => name.startsWith("lvp_icd"));
  if (there || whyNoPackages()) return;
  say("Installing Debian's mesa-vulkan-drivers for the tests of the GPU path …");
  const failure = await installPackage("mesa-vulkan-drivers");
  if (failure) say(failure);
}
