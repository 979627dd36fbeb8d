import { execFileSync } from "node:child_process";

/** What it prints; null where it is not installed. Throws when it fails. */
export function runProgram(program: string, args: readonly string[]): string | null {
  try {
    return execFileSync(program, args, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8", maxBuffer: 2 ** 28 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
