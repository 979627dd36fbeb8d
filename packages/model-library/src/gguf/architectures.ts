/**
 * What the pinned llama.cpp can run, and what it takes for granted about each architecture (it aborts otherwise).
 * Taken from its sources; goes with the version of node-llama-cpp in the workspace catalogue.
 */

/** Key and value heads must have one width, and all of it must be rotated. */
const fullyRotated = `
  llama llama4 deci falcon grok baichuan qwen2 qwen2moe qwen2vl qwen3 qwen3moe qwen3vl qwen3vlmoe plamo codeshell
  orion internlm2 starcoder2 xverse cohere2moe dbrx olmo olmo2 olmoe arctic deepseek jais2 nemotron exaone exaone4
  exaone-moe granite graniteswitch granite_swa chameleon dots1 arcee ernie4_5 ernie4_5-moe hunyuan-moe hunyuan_vl
  hy_v3 smollm3 dream smallthinker llada llada-moe seed_oss grovemoe apertus minimax-01 minimax-m2 cogvlm rnd1
  pangu-embedded mistral3 paddleocr maincoder talkie mellum qwen3tts pockettts
`;

/** Key and value heads must have one width. */
const equalHeads = `
  gpt2 gptneox mpt starcoder refact bert modern-bert neo-bert eurobert bloom stablelm qwen qwen3next qwen35
  qwen35moe qwen4exp phi2 phi3 maple command-r cohere2 muse-glimmer openelm chatglm glm4 glm4moe bitnet t5 jais
  nemotron_h nemotron_h_moe granitehybrid bailingmoe2 afmoe laguna minimax-m3 eagle3 dflash spark2_5 nanbeige
`;

const others = `
  nomic-bert nomic-bert-moe jina-bert-v2 jina-bert-v3 phimoe plamo2 plamo3 minicpm minicpm3 gemma gemma2 gemma3
  gemma3n gemma4 gemma4-assistant gemma-embedding mamba mamba2 jamba falcon-h1 deepseek2 deepseek2-ocr deepseek32
  deepseek4 glm-dsa t5encoder rwkv6 rwkv6qwen2 rwkv7 arwkv7 granitemoe wavtokenizer-dec plm bailingmoe bailingmoe3
  dots3note hunyuan-dense hy_v4 gpt-oss lfm2 lfm2moe hrm_text mistral4 mimo2 step35 llama-embed kimi-linear
  kimi-k3
`;

function names(list: string): string[] {
  return list.split(/\s+/).filter((name) => name !== "");
}

export const fullyRotatedArchitectures: ReadonlySet<string> = new Set(names(fullyRotated));

export const equalHeadArchitectures: ReadonlySet<string> = new Set(names(fullyRotated + equalHeads));

export const knownArchitectures: ReadonlySet<string> = new Set(names(fullyRotated + equalHeads + others));

/** State instead of attention in every layer: head counts may be zero. */
export const recurrentArchitectures: ReadonlySet<string> = new Set(names("mamba mamba2 rwkv6 rwkv6qwen2 rwkv7 arwkv7"));

/** Some layers with attention, some with state. */
export const hybridArchitectures: ReadonlySet<string> = new Set(
  names(
    "jamba falcon-h1 plamo2 granitehybrid lfm2 lfm2moe nemotron_h nemotron_h_moe qwen3next kimi-linear bailingmoe3 kimi-k3 qwen35 qwen35moe qwen4exp deepseek4 minimax-01",
  ),
);

/** Made to turn text into vectors, not to write. */
export const embeddingArchitectures: ReadonlySet<string> = new Set(
  names(
    "bert modern-bert nomic-bert nomic-bert-moe neo-bert jina-bert-v2 jina-bert-v3 eurobert gemma-embedding llama-embed t5encoder",
  ),
);

/** In the list of architectures, but no language model by itself: projectors, speech decoders, speculative heads. */
export const helperArchitectures: ReadonlySet<string> = new Set(
  names("wavtokenizer-dec gemma4-assistant eagle3 dflash pockettts qwen3tts"),
);
