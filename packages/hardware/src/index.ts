export {
  type ConnectionReader,
  type ConnectionReaderOptions,
  createConnectionReader,
} from "./connections/connection-reader.ts";
export type { ProcessMemory } from "./memory/meminfo.ts";
export { createMemorySampler, type MemorySampler, type MemoryTotals } from "./memory/memory-sampler.ts";
export { type Machine, readMachine } from "./machine/machine.ts";
export { chooseThreads, type ThreadInput } from "./machine/threads.ts";
export { type DecodeConstants, type DecodeTable, decodeConstants } from "./advisor/speed/decode-constants.ts";
export { type DeviceGroup, deviceGroupOf } from "./advisor/speed/device-group.ts";
export { predictSpeed, type SpeedOptions, type SpeedPrediction } from "./advisor/speed/predict-speed.ts";
export { quantClassOf } from "./advisor/speed/quant-class.ts";
export {
  noCalibration,
  type Calibration,
  type FitWish,
  type LayerShape,
  type ModelShape,
} from "./advisor/model-shape.ts";
export {
  type FitInput,
  type FitLoad,
  type EstimateMemory,
  type PlannedFits,
  planFit,
} from "./advisor/plan/plan-fit.ts";
export { gradeOf, type GradeOptions } from "./advisor/plan/grade.ts";
export { type AdviceBasis, type AdvisedFile, type AdvisedModel, qualityOf } from "./advisor/recommend/advised-model.ts";
export { assessFit, type AssessInput } from "./advisor/recommend/assess-fit.ts";
export { gradeOfPlans, recommend, type RecommendOptions } from "./advisor/recommend/recommend.ts";
export { type DetectOptions, detectMachine } from "./probe/detect-machine.ts";
export {
  type GpuAnswer,
  type GpuQuestion,
  type GpuTable,
  gpuTableSchema,
  lookUpGpu,
} from "./probe/gpu-table/gpu-table.ts";
export {
  type MachineSpeed,
  type MeasureOptions,
  measureMachine,
  withSpeed,
} from "./probe/measure/measure-machine.ts";
export { createGpuReader } from "./probe/readers/gpu-reader.ts";
export { createMachineReader } from "./probe/readers/machine-reader.ts";
export type { GpuReader, GpuReading, MachineReader, MachineReading } from "./probe/readers/reader-types.ts";
export { fixtureSource } from "./probe/source/fixture-source.ts";
export type { CommandResult, ProbeSource } from "./probe/source/probe-source.ts";
export { systemSource } from "./probe/source/system-source.ts";
export { computeBufferOf, type ComputeBuffer } from "./advisor/memory/compute-buffer.ts";
export { estimateMemory, type MemoryOptions } from "./advisor/memory/estimate-memory.ts";
export type { HeaderLike } from "./advisor/memory/header-values.ts";
export { leavesOutAmx } from "./advisor/memory/repacking.ts";
export { shapeOfHeader } from "./advisor/memory/shape-of-header.ts";
export { shapeOfCatalogue } from "./advisor/memory/shape-of-catalogue.ts";
