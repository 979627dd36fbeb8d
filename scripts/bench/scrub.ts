// `npm run bench -- scrub`: how fast personal data is replaced. `--megabytes=N` of text (40), `--json`.
import { personalDataKinds } from "@deskside/contract";
import { createScrubState, scrubText } from "@deskside/knowledge";

interface Speed {
  readonly megabytes: number;
  readonly seconds: number;
  readonly megabytesPerSecond: number;
  /** Values replaced, and how many of them were different. */
  readonly replaced: number;
  readonly different: number;
}

/** About the length of a page's column. */
const blockCharacters = 2_000;

const sentences = [
  "The contract ends on 2027-03-31 and is renewed for 12 months unless one side objects in writing. ",
  "本合同自双方签字之日起生效，有效期为三年，期满前三十日内任何一方均可书面提出终止。",
  "Item 4711 costs 1,299.00 EUR; delivery takes 3-5 days (see section 7.2). ",
  "设备每运行5000小时或每12个月（以先到者为准）应更换一次润滑油，用量为3.5升。",
];

export async function run(args: readonly string[]): Promise<void> {
  const megabytes = Number(args.find((argument) => argument.startsWith("--megabytes="))?.slice(12) ?? 40);
  const speed = measure(megabytes);
  process.stdout.write(args.includes("--json") ? `${JSON.stringify(speed)}\n` : describe(speed));
}

function measure(megabytes: number): Speed {
  const blocks = writeBlocks(megabytes * 1e6);
  const bytes = blocks.reduce((sum, block) => sum + Buffer.byteLength(block), 0);
  // Another state, so that the compiler is warm and nothing is known yet.
  for (const block of blocks.slice(0, 1000)) scrubText(block, newState());
  const state = newState();
  let replaced = 0;
  const started = performance.now();
  for (const block of blocks) replaced += scrubText(block, state).replacements.length;
  const seconds = (performance.now() - started) / 1000;
  const different = state.takeNew().length;
  return { megabytes: bytes / 1e6, seconds, megabytesPerSecond: bytes / 1e6 / seconds, replaced, different };
}

function newState() {
  return createScrubState({ kinds: personalDataKinds, language: "zh", key: new Uint8Array(32).fill(1) });
}

/** Sentences of both languages; in each block a telephone number and an address, every other one seen before. */
function writeBlocks(bytes: number): string[] {
  const blocks: string[] = [];
  for (let written = 0, n = 0; written < bytes; n++) {
    let block = `联系人手机 138${String((n >> 1) * 7919 + 10_000_000).slice(0, 8)}，user${n >> 1}@example.com。`;
    for (let at = n; block.length < blockCharacters; at++) block += sentences[at % sentences.length];
    blocks.push(block);
    written += Buffer.byteLength(block);
  }
  return blocks;
}

function describe({ megabytes, seconds, megabytesPerSecond, replaced, different }: Speed): string {
  return (
    `${megabytes.toFixed(1)} MB of text in ${seconds.toFixed(2)} s: ${megabytesPerSecond.toFixed(1)} MB/s\n` +
    `${replaced} values replaced, ${different} different ones\n`
  );
}
