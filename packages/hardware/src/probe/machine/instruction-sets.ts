/** Kernel and library names of what llama.cpp has kernels for, by the name Deskside shows. */
const names: Readonly<Record<string, readonly string[]>> = {
  sse42: ["sse4_2", "sse42", "sse4.2"],
  avx: ["avx", "avx1.0"],
  f16c: ["f16c"],
  fma: ["fma"],
  bmi2: ["bmi2"],
  avx2: ["avx2"],
  avxvnni: ["avx_vnni"],
  avx512: ["avx512f"],
  avx512vbmi: ["avx512vbmi", "avx512_vbmi"],
  avx512vnni: ["avx512_vnni", "avx512vnni"],
  avx512bf16: ["avx512_bf16", "avx512bf16"],
  amx: ["amx_int8", "amx_tile"],
  neon: ["asimd", "neon", "advsimd"],
  dotprod: ["asimddp", "feat_dotprod", "dotprod"],
  fp16: ["asimdhp", "feat_fp16", "fphp"],
  i8mm: ["i8mm", "feat_i8mm"],
  bf16: ["bf16", "feat_bf16"],
  sve: ["sve"],
  sve2: ["sve2"],
  sme: ["sme", "feat_sme"],
};

/** From flags as `/proc/cpuinfo` and systeminformation's `cpuFlags` list them, separated by spaces. */
export function instructionSetsOf(flags: string): string[] {
  const known = new Set(
    flags
      .slice(0, 64 * 1024)
      .toLowerCase()
      .split(/[\s,]+/),
  );
  return Object.entries(names)
    .filter(([, spellings]) => spellings.some((one) => known.has(one)))
    .map(([name]) => name);
}

/** The first processor's flags in `/proc/cpuinfo`: `flags` on x86, `Features` on ARM, `isa` elsewhere. */
export function flagsInCpuinfo(cpuinfo: string): string {
  return /^(?:flags|Features|isa)\s*:\s*(\S.*)$/im.exec(cpuinfo)?.[1] ?? "";
}

/** Flags of `sysctl hw.optional`: lines such as `hw.optional.arm.FEAT_I8MM: 1`, `hw.optional.avx2_0: 1`. */
export function flagsInSysctl(text: string): string {
  const flags: string[] = [];
  for (const match of text.slice(0, 64 * 1024).matchAll(/^hw\.optional\.(?:arm\.)?(\w+): 1\s*$/gim)) {
    if (match[1]) flags.push(match[1].toLowerCase().replace(/_0$/, "").replace("avx1", "avx"));
  }
  return flags.join(" ");
}
