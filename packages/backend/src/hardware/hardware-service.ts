import type {
  FitPlan,
  FitReport,
  MachineProfile,
  MemoryUse,
  ModelDefaults,
  Prediction,
  Recommendation,
  ThreadSpeed,
  WhyCpu,
} from "@deskside/contract";
import {
  type Calibration,
  createMemorySampler,
  type FitWish,
  leavesOutAmx,
  type Machine,
  readMachine,
  shapeOfHeader,
} from "@deskside/hardware";
import type { ModelLibrary, ResolvedModel } from "@deskside/model-library";
import { type LoadRecord, localUser, type Workspace } from "@deskside/storage";
import type { EngineBinaries } from "../engine-binaries/index.ts";
import type { LoadMeasurement } from "../engines/engine-slot.ts";
import type { LoadPlanner, PlannedLoad } from "../engines/load-planner.ts";
import type { Logger } from "../log/logger.ts";
import type { SettingsService } from "../settings/settings-service.ts";
import type { Attached } from "../library/attachments/attachments.ts";
import { type Advisor, createAdvisor, type FitQuestion } from "./advisor.ts";
import { planWithAttached } from "./plan-with-attached.ts";
import { machineKeyOf, modelKeyOf } from "./identity.ts";
import { calibrationFrom } from "./load-calibration.ts";
import { planThreads } from "./planned-threads.ts";
import type { MachineSpeeds } from "./machine-speed.ts";
import type { Profile } from "./profile.ts";

export interface HardwareDeps {
  readonly workspace: Workspace;
  readonly settings: SettingsService;
  readonly library: ModelLibrary;
  readonly profile: Profile;
  readonly engineBinaries: EngineBinaries;
  readonly speeds: MachineSpeeds;
  readonly log: Logger;
  /** What is loaded with a model. Throws what is wrong with it. */
  readonly attached: (model: ResolvedModel) => Promise<Attached>;
  /** What a person fixed for a model. */
  readonly defaultsOf: (modelId: string) => ModelDefaults;
}

/** What this machine is, what fits on it, how a model is loaded, and what was learned from that. */
export interface HardwareService {
  /** Processor and memory after container limits: a few milliseconds. */
  machine(): Promise<Machine>;
  profile(): Promise<MachineProfile>;
  refresh(): Promise<MachineProfile>;
  /** Advice waits until `quiet` has settled: measuring beside a load would slow both and be wrong. */
  measureAfter(quiet: Promise<unknown>): void;
  readonly planLoads: LoadPlanner;
  fit(question: FitQuestion): Promise<FitReport>;
  recommendations(limit: number): Promise<Recommendation[]>;
  /** For questions about many models of the catalogue: this machine at this moment. */
  advisor(): Promise<Advisor>;
  /** Keeps what a load took; a store that cannot be written keeps nothing. */
  record(model: ResolvedModel, measurement: LoadMeasurement): void;
  recordThreads(model: ResolvedModel, planned: PlannedLoad, measured: MemoryUse, speed: ThreadSpeed): void;
}

/** Of the newest records; older ones were measured on what this machine no longer is. */
const recordsRead = 200;

export function createHardwareService(deps: HardwareDeps): HardwareService {
  return new Hardware(deps);
}

interface Usable {
  /** APIs whose engine program is here, helps this machine and passed its test; the processor last. */
  readonly apis: readonly FitPlan["api"][];
  /** Why there is none but the processor, although a graphics device exists. */
  readonly whyCpu: WhyCpu | null;
}

class Hardware implements HardwareService {
  readonly #deps: HardwareDeps;
  readonly #memory = createMemorySampler();
  readonly #machine = readMachine();
  #quiet: Promise<unknown> = Promise.resolve();

  constructor(deps: HardwareDeps) {
    this.#deps = deps;
    this.#machine.catch(() => undefined);
  }

  machine = () => this.#machine;

  /** As detected, with the memory that is free at this moment. */
  async profile(): Promise<MachineProfile> {
    const [detected, totals] = await Promise.all([this.#deps.profile.read(), this.#memory.readTotals()]);
    const { totalBytes, usedBytes } = totals;
    const known = this.#deps.speeds.apply(detected);
    return { ...known, memory: { ...known.memory, totalBytes, freeBytes: totalBytes - usedBytes } };
  }

  async refresh(): Promise<MachineProfile> {
    await this.#deps.profile.refresh();
    return await this.profile();
  }

  measureAfter(quiet: Promise<unknown>): void {
    this.#quiet = quiet.then(
      () => undefined,
      () => undefined,
    );
    void this.#measured().catch((error: unknown) => {
      this.#deps.log.warn({ err: error }, "the machine could not be measured");
    });
  }

  planLoads: LoadPlanner = async (model) => {
    const profile = await this.profile();
    const usable = await this.#usable(profile);
    const advisor = await this.#advisor(profile, usable);
    const attached = await this.#deps.attached(model);
    const { loads, whyCpu } = planWithAttached(advisor, model, { attached, defaults: this.#deps.defaultsOf(model.id) });
    return {
      loads: await Promise.all(loads.map((load) => this.#withEnvironment(model, load, profile))),
      // A machine without a graphics device has nothing to explain.
      whyCpu: whyCpu === "no-gpu" ? usable.whyCpu : whyCpu,
    };
  };

  async fit(question: FitQuestion): Promise<FitReport> {
    return await (await this.advisor()).fit(question);
  }

  async recommendations(limit: number): Promise<Recommendation[]> {
    return (await this.advisor()).recommendations(limit);
  }

  async advisor(): Promise<Advisor> {
    const profile = await this.#measured();
    return await this.#advisor(profile, await this.#usable(profile));
  }

  record = (model: ResolvedModel, { planned, measured, tokensPerSecond, promptTokensPerSecond }: LoadMeasurement) => {
    void this.#append(model, planned, { measured, tokensPerSecond, promptTokensPerSecond, purpose: "load" });
  };

  recordThreads = (model: ResolvedModel, planned: PlannedLoad, measured: MemoryUse, speed: ThreadSpeed) => {
    const load = { ...planned, plan: { ...planned.plan, threads: speed.threads } };
    const append = (tokensPerSecond: number, purpose: LoadRecord["purpose"]) =>
      this.#append(model, load, { measured, tokensPerSecond, promptTokensPerSecond: null, purpose });
    void append(speed.idleTokensPerSecond, "threads-idle");
    void append(speed.busyTokensPerSecond, "threads-busy");
  };

  async #measured(): Promise<MachineProfile> {
    await this.#quiet;
    await this.#deps.speeds.ensure(await this.#deps.profile.read());
    return await this.profile();
  }

  async #usable(profile: MachineProfile): Promise<Usable> {
    const devices = profile.gpus.filter((gpu) => gpu.vendor !== "software" && gpu.api !== "none");
    if (devices.length === 0) return { apis: ["none"], whyCpu: null };
    const { api, failed } = await this.#deps.engineBinaries.best();
    if (api === "none") return { apis: ["none"], whyCpu: failed[0]?.whyCpu ?? "no-engine-binary" };
    const second = api === "cuda" ? await this.#deps.engineBinaries.tested("vulkan") : null;
    const next: FitPlan["api"][] = second?.passed && second.whyCpu === null ? ["vulkan"] : [];
    return { apis: [api, ...next, "none"], whyCpu: null };
  }

  async #advisor(profile: MachineProfile, { apis }: Usable): Promise<Advisor> {
    const records = this.#deps.workspace.loadHistory.list(machineKeyOf(profile), recordsRead);
    const machine = await this.#machine;
    return createAdvisor({
      ...{ machine: profile, library: this.#deps.library, catalogue: await this.#deps.profile.catalogue() },
      wish: (weightBytes) => this.#wish({ weightBytes, machine, records, apis }),
      calibration: (model, api) => calibrationFrom(records, api, model ? modelKeyOf(model) : ""),
    });
  }

  #wish(options: {
    weightBytes: number;
    machine: Machine;
    records: readonly LoadRecord[];
    apis: Usable["apis"];
  }): FitWish {
    const setting = this.#deps.settings;
    const get = <K extends Parameters<typeof setting.get>[1]>(key: K) => setting.get(localUser, key);
    return {
      contextSize: get("hardware.contextSize"),
      slots: 1,
      kvType: get("hardware.kvType"),
      gpuLayers: get("hardware.gpuLayers"),
      device: get("hardware.device"),
      keepFreeBytes: get("hardware.keepFreeBytes"),
      threads: planThreads({ ...options, setting: get("hardware.threads") }),
      apis: options.apis,
    };
  }

  async #withEnvironment(
    model: ResolvedModel,
    load: Omit<PlannedLoad, "env">,
    { gpus, cpu }: MachineProfile,
  ): Promise<PlannedLoad> {
    const { plan } = load;
    const slice = gpus.find((gpu) => gpu.migUuid !== null && plan.devices.some(({ id }) => id === gpu.id));
    const visible = slice?.migUuid ? { CUDA_VISIBLE_DEVICES: slice.migUuid } : {};
    const { engineBinaries } = this.#deps;
    const shape = shapeOfHeader(model.header);
    const withoutAmx = shape !== null && leavesOutAmx(shape, cpu.instructionSets);
    const onCpu = withoutAmx ? engineBinaries.environmentWithoutAmx : {};
    const env = plan.api === "none" ? onCpu : await engineBinaries.environment(plan.api);
    return { ...load, env: { ...env, ...visible } };
  }

  /** Records hold predictions without what was learned: else each correction would correct the one before. */
  async #append(
    model: ResolvedModel,
    { plan, predicted }: PlannedLoad,
    outcome: Pick<LoadRecord, "measured" | "tokensPerSecond" | "promptTokensPerSecond" | "purpose">,
  ): Promise<void> {
    try {
      const profile = await this.#deps.profile.read();
      const { workspace } = this.#deps;
      const machineKey = machineKeyOf(profile);
      const modelKey = modelKeyOf(model);
      const learned = calibrationFrom(workspace.loadHistory.list(machineKey, recordsRead), plan.api, modelKey);
      const record = { plan, predicted: withoutCorrection(predicted, learned), ...outcome };
      workspace.loadHistory.append({ modelKey, machineKey, ...record });
    } catch (error) {
      this.#deps.log.warn({ err: error, model: model.id }, "a measurement could not be kept");
    }
  }
}

function withoutCorrection(predicted: Prediction, learned: Calibration): Prediction {
  const divided = (perSecond: number | null, factor: number) => (perSecond === null ? null : perSecond / factor);
  return {
    ...predicted,
    devices: predicted.devices.map((device) =>
      device.name === "RAM" ? { ...device, bytes: device.bytes / learned.memory } : device,
    ),
    tokensPerSecond: divided(predicted.tokensPerSecond, learned.decode),
    promptTokensPerSecond: divided(predicted.promptTokensPerSecond, learned.prompt),
  };
}
