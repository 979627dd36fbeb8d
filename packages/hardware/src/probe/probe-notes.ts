import type { ProbeNote } from "@deskside/contract";
import type { CommandResult } from "./source/probe-source.ts";

export function note(code: ProbeNote["code"], subject: string, detail = ""): ProbeNote {
  return { code, subject, detail: detail.replace(/\s+/g, " ").trim().slice(0, 300) };
}

/** What is worth telling about a command that gave no usable answer; that a tool is missing is normal. */
export function noteOfCommand(tool: string, result: CommandResult): ProbeNote[] {
  if (result.status === "missing") return [];
  if (result.status === "timed-out") return [note("tool-timed-out", tool)];
  if (result.exitCode === 0) return [note("tool-garbled", tool, result.stdout)];
  return [note("tool-failed", tool, `exit code ${result.exitCode}: ${result.stdout || result.stderr}`)];
}
