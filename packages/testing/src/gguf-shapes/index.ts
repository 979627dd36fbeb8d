export { ggufShape, type GgufShapeName, ggufShapeNames } from "./gguf-shapes.ts";
