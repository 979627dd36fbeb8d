import type { FitGrade, FitReason, LoadCause, ProbeNote, WhyCpu } from "@deskside/contract";

/** What happened, and what can be done about it. */
interface CauseWords {
  readonly what: string;
  readonly remedy: string;
}

const cause = {
  "out-of-ram": {
    what: "The system had no memory (RAM) left for the model.",
    remedy: "Close other programs, choose a smaller context in Settings, or load a smaller quantization.",
  },
  "out-of-vram": {
    what: "The graphics card had no video memory left for the model.",
    remedy: "Put fewer layers on the graphics card, choose a smaller context, or load a smaller quantization.",
  },
  "vram-used-by-others": {
    what: "Other programs hold so much video memory that the model does not fit beside them.",
    remedy: "Close games, browsers or other programs that use the graphics card, then load the model again.",
  },
  "context-too-large": {
    what: "The context is larger than the memory that is left beside the weights.",
    remedy: "Choose a smaller context or an 8-bit KV cache in Settings, Hardware and engine.",
  },
  "address-space-limit": {
    what: "The system limits how much address space one program may take, and the model is larger.",
    remedy: "Raise the limit (ulimit -v, or the limit of the container), or load a smaller model.",
  },
  "killed-by-system": {
    what: "The system ended the engine while the model was loading, as it does when memory runs out.",
    remedy: "Close other programs or load a smaller model; in a container, raise its memory limit.",
  },
  "gpu-driver-missing": {
    what: "The graphics card has no working driver.",
    remedy: "Install the driver of the card's maker, then detect the hardware again in Settings.",
  },
  "gpu-driver-too-old": {
    what: "The driver of the graphics card is older than the engine needs.",
    remedy: "Update the driver, then detect the hardware again in Settings.",
  },
  "gpu-device-lost": {
    what: "The graphics card stopped answering.",
    remedy: "Load the model again. If it happens again, restart the computer and check temperature and driver.",
  },
  "gpu-not-supported": {
    what: "The graphics card lacks something that the engine needs.",
    remedy: "Choose Vulkan or the processor as the device in Settings, Hardware and engine.",
  },
  "gpu-no-device": {
    what: "The engine found no graphics card, although one was expected.",
    remedy: "Detect the hardware again in Settings; a remote session or a container can hide the card.",
  },
  "engine-binary-missing": {
    what: "The engine's program for this device is not installed.",
    remedy: "Install it in Settings, Hardware and engine, or choose the processor as the device.",
  },
  "engine-binary-wrong-cpu": {
    what: "The engine was built for a processor with instructions that this one does not have.",
    remedy: "Install Deskside for this kind of processor again.",
  },
  "engine-library-missing": {
    what: "A library that the engine needs is missing in the system.",
    remedy: "Install the library named in the details, then load the model again.",
  },
  "file-missing": {
    what: "The model file is not where it was.",
    remedy: "Put the file back, or choose another model.",
  },
  "file-no-permission": {
    what: "Deskside may not read the model file.",
    remedy: "Give your account permission to read the file and its folder.",
  },
  "file-read-failed": {
    what: "The disk could not deliver the model file.",
    remedy: "Check the disk and its cable, then load again; copy the file to another disk if it stays so.",
  },
  "file-truncated": {
    what: "The model file ends too early: a part is missing.",
    remedy: "Get the file again from its source.",
  },
  "file-damaged": {
    what: "The model file is damaged.",
    remedy: "Get the file again from its source; its checksum tells whether it is whole.",
  },
  "file-changed": {
    what: "The model file changed while it was being loaded.",
    remedy: "Wait until nothing writes to the file, then load it again.",
  },
  "split-part-missing": {
    what: "The model consists of several files, and one of them is missing.",
    remedy: "Put all parts into the same folder under their original names.",
  },
  "architecture-unknown": {
    what: "The engine of this version does not know the model's architecture.",
    remedy: "Choose another model; a later version of Deskside may know it.",
  },
  "tensor-type-unknown": {
    what: "The model's weights have a format that this engine does not know.",
    remedy: "Choose another quantization of the model, such as Q4_K_M.",
  },
  "tensor-missing": {
    what: "Weights that this architecture needs are missing in the file.",
    remedy: "Get the model from another source; this file was not converted completely.",
  },
  "tensor-shape-wrong": {
    what: "Weights in the file do not have the size that its description says.",
    remedy: "Get the model from another source; this file was not converted correctly.",
  },
  "tokenizer-unsupported": {
    what: "The engine does not know the way this model splits text into tokens.",
    remedy: "Choose another model, or a newer conversion of this one.",
  },
  "kv-type-needs-flash-attention": {
    what: "A quantized KV cache needs flash attention, which this model or device does not offer.",
    remedy: "Set the KV cache to 16 bit or to automatic in Settings, Hardware and engine.",
  },
  "adapter-does-not-fit": {
    what: "The adapter was made for another model.",
    remedy: "Use the adapter with the model it was trained for.",
  },
  crashed: {
    what: "The engine crashed while it loaded the model.",
    remedy: "Load it again. If it crashes again, choose the processor as the device, or another quantization.",
  },
  stalled: {
    what: "The load came to a halt, and the engine was replaced.",
    remedy: "Load it again; a slow or sleeping disk can be the reason.",
  },
  unknown: {
    what: "The engine gave a reason that Deskside does not know.",
    remedy: "The details contain its own words. Another model or the processor as the device may work.",
  },
} as const satisfies Record<LoadCause, CauseWords>;

const whyCpu = {
  "no-gpu": "No graphics card was found, so the processor does the work.",
  "chosen-by-setting":
    "The settings choose the processor. Settings, Hardware and engine, can give the work to the graphics card.",
  "software-gpu":
    "The only graphics device is imitated by the processor, which would be slower than the processor itself.",
  "no-engine-binary": "The engine's program for this graphics card is not installed, so the processor does the work.",
  "driver-missing": "The graphics card has no working driver. Install the driver of its maker, then detect again.",
  "driver-too-old": "The driver of the graphics card is too old for the engine. Update it, then detect again.",
  "device-not-supported": "The engine does not support this graphics card.",
  "device-lost": "The graphics card stopped answering. Detect again, or restart the computer.",
  "too-little-vram": "Too little video memory is free to make the graphics card worth its while.",
  "gpu-test-failed": "The graphics card failed the test with a small model, so the processor does the work.",
  "model-is-tiny": "The model is so small that the processor answers as fast as the graphics card would.",
} as const satisfies Record<WhyCpu, string>;

const reason = {
  "all-on-gpu": "Everything fits into the memory of {{device}}: {{bytes}} of {{budget}} that may be used.",
  "part-on-gpu":
    "{{layers}} of {{totalLayers}} layers fit on the graphics card; {{ram}} stay in RAM and set the speed.",
  "cpu-only-fits": "Runs on the processor and takes {{ram}} of {{free}} that may be used.",
  "why-cpu": "{{reason}}",
  "experts-in-ram": "The experts stay in RAM; what every token needs is on the graphics card.",
  "context-reduced": "The context was reduced from {{from}} to {{to}} tokens so that it fits.",
  "kv-quantized": "The KV cache is kept as {{kvType}}, which saves {{saved}}.",
  "next-step": "The next better file, {{quantization}}, takes {{extra}} more; {{missing}} are missing for it.",
  "next-step-fits": "The next better file, {{quantization}}, takes {{extra}} more.",
  "smaller-model-better":
    "{{model}} in {{quantization}} would be better than a smaller file of this model, at about {{speed}}.",
  "too-large": "It needs {{needed}}, and {{budget}} may be used here.",
  "best-quality": "{{quantization}} is the best quality that stays in the fastest memory.",
  "low-quality": "The quality of {{quantization}} is poor or was not measured.",
  "bandwidth-assumed": "The speed of RAM was not measured; {{rate}} is assumed.",
  slow: "About {{speed}}: slower than most people read.",
} as const satisfies Record<FitReason["code"] | "next-step-fits", string>;

const note = {
  "tool-missing": "{{subject}} is not installed; what only it reports is missing.",
  "tool-timed-out": "{{subject}} did not answer in time; what only it reports is missing.",
  "tool-failed": "{{subject}} ended with an error; what only it reports is missing.",
  "tool-garbled": "{{subject}} answered in a form that Deskside cannot read.",
  "driver-not-loaded": "{{subject}} has no working driver.",
  "vram-unknown": "The system does not tell how much video memory {{subject}} has.",
  "vram-corrected": "The system reports the video memory of {{subject}} wrongly; it was corrected.",
  "gpu-without-api": "{{subject}} was found, but there is no way for the engine to use it.",
  "software-gpu": "{{subject}} is imitated by the processor and is not used.",
  "mig-enabled-without-slices": "{{subject}} is set up for slices (MIG), but has none; it cannot be used.",
  "remote-display": "{{subject}} belongs to a remote session and is not a graphics card.",
  "gpu-needs-reset": "{{subject}} has to be reset before it can be used.",
} as const satisfies Record<ProbeNote["code"], string>;

const grade = {
  fits: "Fits",
  tight: "Tight",
  "uses-ram": "Uses RAM",
  "too-large": "Too large",
} as const satisfies Record<FitGrade, string>;

export const hardware = {
  cause,
  whyCpu,
  reason,
  note,
  grade,
  withDetail: "{{text}} ({{detail}})",
  /** One fit bar in words. Parts that are unknown are left out. */
  bar: {
    part: "{{name}} {{bytes}}",
    of: "{{parts}} of {{total}}",
    free: "{{bytes}} free",
    spill: "{{bytes}} more than fit",
    weights: "Weights",
    kv: "KV cache",
    buffer: "Buffers",
    other: "Other programs",
    freeWord: "Free",
    spillWord: "Moved to RAM",
  },
  notMeasured: "not measured",
  spare: "{{bytes}} spare",
  moved: "+ {{bytes}} RAM",
  missing: "{{bytes}} missing",
  predictedUsed: "Predicted {{predicted}}, used {{used}}",
  predictedOnly: "Predicted {{predicted}}",
  usedOnly: "Used {{used}}",
  about: "~{{value}}",
  device: {
    processor: "Processor",
    allLayers: "{{api}}, all {{total}} layers",
    someLayers: "{{api}}, {{layers}} of {{total}} layers",
  },
  api: { none: "Processor", cuda: "CUDA", vulkan: "Vulkan", metal: "Metal" },
  notice: {
    title: "{{model}} was loaded in another way than planned",
    titleLoading: "{{model}} is being loaded in another way than planned",
    fell: "Now {{next}} instead of {{failed}}.",
    plan: "{{device}}, context {{size}}, KV cache {{kvType}}",
    open: "Hardware settings",
    more_one: "{{count}} plan failed before this one.",
    more_other: "{{count}} plans failed before this one.",
  },
  card: {
    title: "This machine",
    measuring: "Looking at the machine…",
    failed: "The machine could not be looked at",
    again: "Detect again",
    detecting: "Detecting…",
    at: "Detected {{time}}",
    cores_one: "{{count}} core",
    cores_other: "{{count}} cores",
    coresFast: "{{count}} of them fast",
    threads_one: "{{count}} thread",
    threads_other: "{{count}} threads",
    ram: "{{bytes}} memory (RAM)",
    vram: "{{bytes}} video memory",
    vramUnknown: "Video memory not reported",
    unified: "shares the memory (RAM)",
    free: "{{bytes}} free",
    bandwidth: "{{rate}}",
    bandwidthMeasured: "{{rate}} measured",
    bandwidthTable: "{{rate}} by its data sheet",
    driver: "driver {{version}}",
    noGpu: "No graphics card",
    noGpuHint: "Models run on the processor.",
    noApi: "cannot be used by the engine",
    disk: "{{bytes}} free disk",
    diskRead: "reads {{rate}}",
    battery: "Battery {{percent}}",
    charging: "charging",
    onBattery: "not charging; slower than on mains",
    mig: "slice of a card (MIG)",
    notes: "What was odd",
  },
  firstRun: {
    title: "What runs here",
    builtIn: "Built in, needs no download",
    start: "Start chatting",
    startHint: "The built-in model answers right away.",
    none: "No chat model is installed.",
    fromCatalogue: "Runs well here, to download",
    more: "All of it in Library",
  },
  recommend: {
    title: "What runs best on this machine",
    empty: "Nothing in the catalogue fits into this machine. The built-in models run.",
    loading: "Reckoning what fits…",
    failed: "What fits could not be reckoned",
    source: "Predicted from memory and bandwidth of this machine, corrected by what was measured here.",
    model: "Model",
    memory: "Memory on this machine",
    speed: "Predicted",
    context: "Context",
    why: "Why",
    best: "Best here",
    noSpeed: "no bandwidth known",
  },
} as const;
