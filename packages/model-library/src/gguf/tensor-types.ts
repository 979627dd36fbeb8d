/** How one kind of tensor is stored: `block` elements take `bytes` bytes. */
export interface TensorType {
  readonly name: string;
  readonly block: number;
  readonly bytes: number;
  /** Whether weights may have this type (the others are scratch formats or plain integers). */
  readonly weights: boolean;
}

function stored(name: string, block: number, bytes: number): TensorType {
  return { name, block, bytes, weights: true };
}

function scratch(name: string, block: number, bytes: number): TensorType {
  return { name, block, bytes, weights: false };
}

/** By the number in the file. Numbers that are missing were given up by the format. */
export const tensorTypes: ReadonlyMap<number, TensorType> = new Map([
  [0, stored("F32", 1, 4)],
  [1, stored("F16", 1, 2)],
  [2, stored("Q4_0", 32, 18)],
  [3, stored("Q4_1", 32, 20)],
  [6, stored("Q5_0", 32, 22)],
  [7, stored("Q5_1", 32, 24)],
  [8, stored("Q8_0", 32, 34)],
  [9, scratch("Q8_1", 32, 36)],
  [10, stored("Q2_K", 256, 84)],
  [11, stored("Q3_K", 256, 110)],
  [12, stored("Q4_K", 256, 144)],
  [13, stored("Q5_K", 256, 176)],
  [14, stored("Q6_K", 256, 210)],
  [15, scratch("Q8_K", 256, 292)],
  [16, stored("IQ2_XXS", 256, 66)],
  [17, stored("IQ2_XS", 256, 74)],
  [18, stored("IQ3_XXS", 256, 98)],
  [19, stored("IQ1_S", 256, 50)],
  [20, stored("IQ4_NL", 32, 18)],
  [21, stored("IQ3_S", 256, 110)],
  [22, stored("IQ2_S", 256, 82)],
  [23, stored("IQ4_XS", 256, 136)],
  [24, scratch("I8", 1, 1)],
  [25, scratch("I16", 1, 2)],
  [26, scratch("I32", 1, 4)],
  [27, scratch("I64", 1, 8)],
  [28, scratch("F64", 1, 8)],
  [29, stored("IQ1_M", 256, 56)],
  [30, stored("BF16", 1, 2)],
  [34, stored("TQ1_0", 256, 54)],
  [35, stored("TQ2_0", 256, 66)],
  [39, stored("MXFP4", 32, 17)],
  [40, stored("NVFP4", 64, 36)],
  [41, stored("Q1_0", 128, 18)],
  [42, stored("Q2_0", 64, 18)],
]);

/** Names of `general.file_type`: the mix of tensor types a file was made with. */
export const fileTypeNames: ReadonlyMap<number, string> = new Map([
  [0, "F32"],
  [1, "F16"],
  [2, "Q4_0"],
  [3, "Q4_1"],
  [7, "Q8_0"],
  [8, "Q5_0"],
  [9, "Q5_1"],
  [10, "Q2_K"],
  [11, "Q3_K_S"],
  [12, "Q3_K_M"],
  [13, "Q3_K_L"],
  [14, "Q4_K_S"],
  [15, "Q4_K_M"],
  [16, "Q5_K_S"],
  [17, "Q5_K_M"],
  [18, "Q6_K"],
  [19, "IQ2_XXS"],
  [20, "IQ2_XS"],
  [21, "Q2_K_S"],
  [22, "IQ3_XS"],
  [23, "IQ3_XXS"],
  [24, "IQ1_S"],
  [25, "IQ4_NL"],
  [26, "IQ3_S"],
  [27, "IQ3_M"],
  [28, "IQ2_S"],
  [29, "IQ2_M"],
  [30, "IQ4_XS"],
  [31, "IQ1_M"],
  [32, "BF16"],
  [36, "TQ1_0"],
  [37, "TQ2_0"],
  [38, "MXFP4"],
  [39, "NVFP4"],
  [40, "Q1_0"],
  [41, "Q2_0"],
]);
