export { ggufShape, type GgufShapeName, ggufShapeNames } from "./gguf-shapes.ts";
export { tinyReranker } from "./tiny-reranker.ts";
