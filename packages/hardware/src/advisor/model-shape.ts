import type { FitPlan, KvType } from "@deskside/contract";

/** One repeating layer of a model, as far as memory and speed go. Bytes of the file; counts per layer. */
export interface LayerShape {
  /** All tensors of the layer but the experts. */
  readonly weightBytes: number;
  /** Tensors of mixture experts (`ffn_*_exps`); 0 in a dense layer. */
  readonly expertBytes: number;
  /** Of `weightBytes` + `expertBytes`, what the CPU backend may copy into a repacked buffer: matrices by tensor type. */
  readonly matrixBytesByType: Readonly<Record<string, number>>;
  /**
   * How the layer remembers: `full` and `sliding` keep keys and values, `latent` keeps compressed keys only, `recurrent`
   * a state of fixed size, `none` nothing (the cache of another layer is shared, or an encoder).
   */
  readonly memory: "full" | "sliding" | "latent" | "recurrent" | "none";
  readonly kvHeads: number;
  readonly keyLength: number;
  readonly valueLength: number;
  /** Bytes of recurrent state per sequence; 0 elsewhere. */
  readonly stateBytes: number;
}

/** What decides about memory and speed of a model: read from a checked header, or from the catalogue before a download. */
export interface ModelShape {
  readonly architecture: string;
  readonly quantization: string | null;
  readonly fileBytes: number;
  /** Everything before the tensors. */
  readonly headerBytes: number;
  readonly layers: readonly LayerShape[];
  /** Token embedding: stays in RAM. */
  readonly embeddingBytes: number;
  /** Output matrix and norms: offloaded as layer `layers.length + 1`. Equal to the embedding when they are tied. */
  readonly outputBytes: number;
  /** The output matrix is the token embedding, once in the file, twice in memory when the output is on a GPU. */
  readonly tiedOutput: boolean;
  readonly outputType: string;
  readonly hidden: number;
  readonly heads: number;
  /** Of a dense layer; for a mixture see `experts`. */
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly contextTrained: number;
  /** Tokens; null without sliding layers. */
  readonly slidingWindow: number | null;
  /** `feedForward` is that of one expert. */
  readonly experts: { readonly total: number; readonly used: number; readonly feedForward: number } | null;
  /** The input of recurrent layers inside (`ssm.inner_size`); 0 without them. */
  readonly recurrentInner: number;
  /** Of `outputBytes`, the output matrix; what is left are norms. With a tied output its size too. */
  readonly outputMatrixBytes: number;
  readonly parameters: number;
  readonly role: "chat" | "embedding" | "reranker";
  /** "header" = exact; "catalogue" = by formula, before a download. */
  readonly source: "header" | "catalogue";
}

/** What was learned on this machine: measured ÷ predicted. 1 = nothing known. */
export interface Calibration {
  readonly decode: number;
  readonly prompt: number;
  /** RAM of the engine's process only: what the driver takes on a GPU is predicted and not measured. */
  readonly memory: number;
}
export const noCalibration: Calibration = { decode: 1, prompt: 1, memory: 1 };

/** What a person fixed; null = the advisor decides. Bytes, tokens. */
export interface FitWish {
  readonly contextSize: number | null;
  readonly slots: number;
  readonly kvType: KvType | "auto";
  readonly gpuLayers: number | null;
  /** Threads on the processor. */
  readonly threads: number;
  readonly device: "auto" | "cpu" | "cuda" | "vulkan" | "metal";
  readonly keepFreeBytes: number;
  /** APIs whose engine program is here and passed its test. */
  readonly apis: readonly FitPlan["api"][];
}
