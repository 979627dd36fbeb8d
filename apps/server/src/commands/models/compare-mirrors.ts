import type { HubComparison } from "@deskside/contract";
import { createWords, describeError } from "@deskside/ui/words";
import { systemLanguages } from "../../report-failure.ts";

/** One line for each hub, the fastest first. */
export function describeComparison({ repo, file, speeds }: HubComparison): string {
  const words = createWords(systemLanguages());
  const { t, format } = words;
  const lines = speeds
    .toSorted((a, b) => (b.bytesPerSecond ?? -1) - (a.bytesPerSecond ?? -1))
    .map(({ hub, bytesPerSecond, sameFile, error }) => {
      if (error) return `  ${hub}  ${describeError(error, words).title}`;
      const rate = bytesPerSecond === null ? t("library.model.compareFailed") : format.rate(bytesPerSecond);
      return `  ${hub}  ${rate}${sameFile === false ? `  ${t("library.model.compareOther")}` : ""}`;
    });
  return [`${repo}  ${file}`, ...lines].join("\n");
}
