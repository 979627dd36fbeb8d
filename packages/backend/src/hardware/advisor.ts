import { isDesksideError } from "@deskside/base";
import {
  type CatalogueFit,
  deskError,
  type FitPlan,
  type FitReport,
  type MachineProfile,
  type MemoryUse,
  type Recommendation,
} from "@deskside/contract";
import {
  type AdviceBasis,
  assessFit,
  type Calibration,
  type EstimateMemory,
  estimateMemory,
  type FitWish,
  gradeOfPlans,
  type ModelShape,
  type PlannedFits,
  planFit,
  recommend,
  shapeOfCatalogue,
  shapeOfHeader,
} from "@deskside/hardware";
import {
  type Catalogue,
  type CatalogueFile,
  catalogueFilesOf,
  type CatalogueModel,
  findCatalogueModel,
  type ModelLibrary,
  nearestIds,
  type ResolvedModel,
} from "@deskside/model-library";

/** What the advice is about: this machine or a recorded one. */
export interface AdvisorFacts {
  readonly machine: MachineProfile;
  readonly catalogue: Catalogue;
  readonly library: ModelLibrary;
  /** What a person fixed, for a model with this many bytes of weights. */
  wish(weightBytes: number): FitWish;
  /** What was learned about a model (null: any) and an API; a recorded machine has learned nothing. */
  calibration(model: ResolvedModel | null, api: FitPlan["api"]): Calibration;
}

export interface FitQuestion {
  /** An installed model, a file, or a catalogue id with an optional `:quantization`. */
  readonly model: string;
  readonly contextSize: number | null;
  readonly slots: number;
}

/** What was fixed for one model, and what is loaded with it. */
interface PlanWishes {
  readonly wish: Partial<Pick<FitWish, "contextSize" | "kvType" | "gpuLayers">>;
  readonly memory: (estimate: EstimateMemory) => EstimateMemory;
}

export interface Advisor {
  /** Throws MODEL_NOT_FOUND, FIT_UNKNOWN, or what the library throws for a broken file. */
  fit(question: FitQuestion): Promise<FitReport>;
  recommendations(limit: number): Recommendation[];
  /** Of one file of the catalogue; null where the catalogue says too little. */
  fitOfFile(entry: CatalogueModel, file: CatalogueFile): CatalogueFit | null;
  /** On the processor, for a model that takes time. */
  readonly threads: number;
  /** All ways to load an installed model, best first. */
  plans(model: ResolvedModel, wanted?: PlanWishes): PlannedFits;
}

const largeWeightBytes = 4e9;

export function createAdvisor(facts: AdvisorFacts): Advisor {
  const { machine, catalogue } = facts;
  const tflops = new Map(catalogue.gpus.map((gpu) => [gpu.id, gpu.tflopsApprox ?? null]));

  const basisFor = (model: ResolvedModel | null, change: Partial<FitWish> = {}): AdviceBasis<CatalogueModel> => ({
    wish: (weightBytes) => ({ ...facts.wish(weightBytes), ...change }),
    calibration: (api) => facts.calibration(model, api),
    estimateMemory: estimatorFor(facts, model),
    shapeOf: (entry, file) => shapeOfCatalogue(entry, file),
    tflopsOf: (id) => tflops.get(id) ?? null,
  });

  return {
    threads: facts.wish(largeWeightBytes).threads,
    async fit({ model: name, contextSize, slots }) {
      const target = await findTarget(name, facts);
      const size = contextSize ?? target.installed?.manifest?.contextSize ?? null;
      const basis = basisFor(target.installed, { slots, ...(size === null ? {} : { contextSize: size }) });
      const { id: model, shape, entry: known } = target;
      return assessFit({ ...basis, model, shape, machine, known, models: catalogue.models });
    },
    recommendations: (limit) => recommend(machine, catalogue, { ...basisFor(null), limit }),
    fitOfFile(entry, file) {
      const shape = shapeOfCatalogue(entry, file);
      return shape && fitOfShape(shape, machine, basisFor(null));
    },
    plans(model, wanted) {
      const contextSize = model.manifest?.contextSize ?? null;
      const shape = shapeOfInstalled(model);
      const wish = facts.wish(shape.fileBytes);
      const { calibration, tflopsOf, estimateMemory: estimate } = basisFor(model);
      return planFit({
        ...{ shape, machine, calibration, tflopsOf, estimateMemory: wanted?.memory(estimate) ?? estimate },
        wish: { ...wish, contextSize: wish.contextSize ?? contextSize, ...wanted?.wish },
      });
    },
  };
}

/** Grade and figures of the best plan. */
function fitOfShape(
  shape: ModelShape,
  machine: MachineProfile,
  { wish: wishFor, calibration, estimateMemory: estimate, tflopsOf }: AdviceBasis<CatalogueModel>,
): CatalogueFit | null {
  const wish = wishFor(shape.fileBytes);
  const planned = planFit({ shape, machine, wish, calibration, estimateMemory: estimate, tflopsOf });
  const [load] = planned.loads;
  if (!load) return null;
  const grade = gradeOfPlans(planned, machine, { quantization: shape.quantization ?? "", shape }, { wish: wishFor });
  const { memoryBytes, tokensPerSecond } = load.predicted;
  const { contextSize, gpuLayers, totalLayers } = load.plan;
  return { grade, memoryBytes, tokensPerSecond, contextSize, gpuLayers, totalLayers };
}

/** The formulas, with the RAM of the engine's process corrected by what was measured with this model. */
function estimatorFor(facts: AdvisorFacts, model: ResolvedModel | null): EstimateMemory {
  const { instructionSets } = facts.machine.cpu;
  return (shape, plan) =>
    scaleRam(estimateMemory(shape, plan, { instructionSets }), facts.calibration(model, plan.api).memory);
}

function scaleRam(use: MemoryUse, factor: number): MemoryUse {
  if (factor === 1) return use;
  const devices = use.devices.map((device) => {
    if (device.name !== "RAM") return device;
    const bytes = Math.round(device.bytes * factor);
    return { ...device, bytes, overheadBytes: Math.max(0, device.overheadBytes + bytes - device.bytes) };
  });
  return {
    memoryBytes: devices.reduce((sum, { bytes }) => sum + bytes, 0),
    anonymousBytes: Math.round(use.anonymousBytes * factor),
    devices,
  };
}

interface FitTarget {
  readonly id: string;
  readonly shape: ModelShape;
  /** Its file is here. */
  readonly installed: ResolvedModel | null;
  readonly entry: CatalogueModel | null;
}

async function findTarget(name: string, { catalogue, library }: AdvisorFacts): Promise<FitTarget> {
  try {
    const installed = await library.resolve(name);
    return { id: installed.id, shape: shapeOfInstalled(installed), installed, entry: null };
  } catch (error) {
    if (!isDesksideError(error, "MODEL_NOT_FOUND")) throw error;
    const found = findCatalogueModel(catalogue, name);
    if (!found) throw unknownModel(name, error.data["nearest"], catalogue);
    const { model: entry } = found;
    const shape = shapeFromCatalogue(entry, found.file);
    if (!shape) throw deskError("FIT_UNKNOWN", { model: name });
    return { id: entry.id, shape, installed: null, entry };
  }
}

/** An adapter has no memory of its own. */
function shapeOfInstalled({ id, header, description }: ResolvedModel): ModelShape {
  const shape = shapeOfHeader(header);
  if (shape) return shape;
  throw deskError("WRONG_ROLE", { model: id, role: description.role, needed: "chat" });
}

/** Without a quantization: the usual one, else the first whose size is known. */
function shapeFromCatalogue(entry: CatalogueModel, file: CatalogueFile | null): ModelShape | null {
  const files = catalogueFilesOf(entry);
  const usual = files.filter(({ quant }) => quant.toUpperCase() === "Q4_K_M");
  const candidates = file ? [file] : [...usual, ...files];
  for (const candidate of candidates) {
    const shape = shapeOfCatalogue(entry, candidate);
    if (shape) return shape;
  }
  return null;
}

/** Ids that look alike, of what is installed and of the catalogue; for a wrong quantization, those that exist. */
function unknownModel(name: string, installed: unknown, catalogue: Catalogue) {
  const [id = ""] = name.toLowerCase().split(":");
  const known = catalogue.models.find((model) => model.id.toLowerCase() === id);
  const ids = catalogue.models.map((model) => model.id);
  const alike = known
    ? [...new Set(catalogueFilesOf(known).map(({ quant }) => `${known.id}:${quant}`))]
    : nearestIds(id, ids, 4);
  const nearest = [...(Array.isArray(installed) ? installed.map(String) : []), ...alike].slice(0, 6);
  return deskError("MODEL_NOT_FOUND", { model: name, nearest });
}
