// Reporter for knip: says how many files it looked at, so that a run that saw none cannot pass for a clean one.

/** @param {{ counters: { processed: number } }} result */
export default function reportCount({ counters }) {
  console.log(`Looked at ${counters.processed} files`);
}
