import type { LayerShape } from "../model-shape.ts";
import type { HeaderLike, HeaderValues } from "./header-values.ts";

type Remembering = Pick<LayerShape, "memory" | "kvHeads" | "keyLength" | "valueLength" | "stateBytes">;

/**
 * Sliding layers where the file does not list them: every `period`-th layer sees everything, the last of each period
 * unless `fullFirst`. From `set_swa_pattern` in llama.cpp's src/models, goes with the pinned node-llama-cpp.
 */
const slidingPatterns: Readonly<Record<string, { readonly period: number; readonly fullFirst?: true }>> = {
  gemma2: { period: 2 },
  gemma3: { period: 6 },
  gemma3n: { period: 5 },
  gemma4: { period: 6 },
  cohere2: { period: 4 },
  cohere2moe: { period: 4 },
  "gpt-oss": { period: 2 },
  exaone4: { period: 4 },
  "exaone-moe": { period: 4 },
  olmo2: { period: 4 },
  llama4: { period: 4 },
  afmoe: { period: 4 },
  smallthinker: { period: 4, fullFirst: true },
};

/** Encoders see the whole text at once and keep nothing. */
const withoutCache = new Set(
  "bert modern-bert nomic-bert nomic-bert-moe neo-bert jina-bert-v2 jina-bert-v3 eurobert gemma-embedding t5encoder".split(
    " ",
  ),
);
const alwaysRecurrent = new Set("mamba mamba2 rwkv6 rwkv6qwen2 rwkv7 arwkv7".split(" "));
/** Recurrent where the number of key-value heads of the layer is 0. */
const recurrentWithoutHeads = new Set(
  "jamba granitehybrid nemotron_h nemotron_h_moe lfm2 lfm2moe kimi-linear plamo2".split(" "),
);
/** All but every n-th layer (`full_attention_interval`, 4 where it is not given) are recurrent. */
const recurrentByInterval = new Set("qwen3next qwen35 qwen35moe".split(" "));
/** Attention and state side by side in every layer. */
const bothKinds = new Set(["falcon-h1"]);

/** How layer `layer` of `layers` remembers, as llama.cpp lays out its caches for the architecture. */
export function describeLayerMemory(
  header: HeaderLike,
  values: HeaderValues,
  layer: number,
  layers: number,
): Remembering {
  const { architecture } = header;
  const nothing = { memory: "none", kvHeads: 0, keyLength: 0, valueLength: 0, stateBytes: 0 } as const;
  if (withoutCache.has(architecture)) return nothing;
  const kvHeads = perLayer(header.keyValueHeadCounts, layer) ?? perLayer(header.headCounts, layer) ?? 0;
  const recurrent = isRecurrent(architecture, values, layer, kvHeads);
  const stateBytes = recurrent || bothKinds.has(architecture) ? recurrentStateBytes(header, values, layer) : 0;
  if (recurrent) return { ...nothing, memory: "recurrent", stateBytes };
  if (layer >= firstSharing(architecture, values, layers) || kvHeads === 0) return nothing;
  if ((values.largest("attention.key_length_mla") ?? 0) > 0 && (values.largest("attention.kv_lora_rank") ?? 0) > 0) {
    const keyLength = (values.largest("attention.kv_lora_rank") ?? 0) + (values.largest("rope.dimension_count") ?? 0);
    const valueLength = values.largest("attention.kv_lora_rank") ?? 0;
    return { ...nothing, memory: "latent", kvHeads: 1, keyLength, valueLength };
  }
  const sliding = isSliding(architecture, values, layer);
  return { memory: sliding ? "sliding" : "full", kvHeads, ...headLengths(header, values, layer, sliding), stateBytes };
}

function perLayer(counts: readonly number[], layer: number): number | undefined {
  return counts.length === 1 ? counts[0] : counts[layer];
}

function headLengths(header: HeaderLike, values: HeaderValues, layer: number, sliding: boolean) {
  const heads = perLayer(header.headCounts, layer) ?? 0;
  const usual = heads > 0 ? Math.floor((header.embeddingLength ?? 0) / heads) : 0;
  const own = (key: string) => (sliding ? values.largest(`${key}_swa`, key) : values.largest(key)) ?? usual;
  return { keyLength: own("attention.key_length"), valueLength: own("attention.value_length") };
}

function isRecurrent(architecture: string, values: HeaderValues, layer: number, kvHeads: number): boolean {
  if (alwaysRecurrent.has(architecture)) return true;
  if (recurrentWithoutHeads.has(architecture)) return kvHeads === 0;
  if (!recurrentByInterval.has(architecture)) return false;
  const interval = values.largest("full_attention_interval") || 4;
  return (layer + 1) % interval !== 0;
}

/** Layers from here on use the cache of an earlier one. */
function firstSharing(architecture: string, values: HeaderValues, layers: number): number {
  const shared = values.largest("attention.shared_kv_layers");
  if (shared !== null) return Math.max(layers - shared, 0);
  return architecture === "gemma3n" ? 20 : layers;
}

function isSliding(architecture: string, values: HeaderValues, layer: number): boolean {
  if ((values.largest("attention.sliding_window") ?? 0) === 0) return false;
  const listed = values.flags("attention.sliding_window_pattern");
  if (listed && listed.length > 1) return listed[layer] ?? false;
  const usual = slidingPatterns[architecture];
  const period = values.largest("attention.sliding_window_pattern") || usual?.period;
  if (period === undefined) return false;
  return usual?.fullFirst ? layer % period !== 0 : layer % period < period - 1;
}

/** Bytes for one sequence: 32-bit floats of `n_embd_r` and `n_embd_s` in llama.cpp's llama-hparams.cpp. */
function recurrentStateBytes(header: HeaderLike, values: HeaderValues, layer: number): number {
  const hidden = header.embeddingLength ?? 0;
  const wkvHead = values.largest("wkv.head_size") ?? 0;
  if (wkvHead > 0) return 4 * ((values.largest("token_shift_count") ?? 2) * hidden + wkvHead * hidden);
  const shortConvolution = values.largest("shortconv.l_cache") ?? 0;
  if (shortConvolution > 0) return 4 * hidden * (shortConvolution - 1);
  const kernel = Math.max((values.largest("ssm.conv_kernel") ?? 1) - 1, 0);
  const linearHead = values.largest("kda.head_dim") ?? 0;
  if (linearHead > 0) {
    const heads = perLayer(header.headCounts, layer) ?? 0;
    return 4 * (3 * kernel * heads * linearHead + linearHead * linearHead * heads);
  }
  const inner = values.largest("ssm.inner_size") ?? 0;
  const state = values.largest("ssm.state_size") ?? 0;
  const groups = values.largest("ssm.group_count") ?? 0;
  return 4 * (kernel * (inner + 2 * groups * state) + state * inner);
}
