/** What can be typed into a field for a number. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

/** What was typed as a number of the range; null = empty, undefined = not accepted. */
export function parseTyped(typed: string, { least, most, isWhole }: NumberRange): number | null | undefined {
  const text = typed.trim().replaceAll(/[\s_]/g, "").replace(",", ".");
  if (text === "") return null;
  const value = Number(text);
  const isInRange = Number.isFinite(value) && value >= least && value <= most;
  return isInRange && (!isWhole || Number.isInteger(value)) ? value : undefined;
}
