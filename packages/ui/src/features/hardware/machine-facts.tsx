import type { Gpu, MachineProfile } from "@deskside/contract";
import { describeProbeNote } from "../../i18n/describe-hardware.ts";
import { type Text, useText } from "../../i18n/use-text.ts";
import { Badge, Icon, type IconName } from "../../primitives/index.ts";
import "./hardware.css";

/** What the machine has, as it was measured: one line for each part. */
export function MachineFacts({ machine, short = false }: { machine: MachineProfile; short?: boolean }) {
  const text = useText();
  const { t } = text;
  return (
    <ul className="facts-list">
      {machine.gpus.map((gpu) => (
        <GpuFact key={gpu.id} gpu={gpu} text={text} />
      ))}
      {machine.gpus.length === 0 && (
        <Fact icon="gpu" name={t("hardware.card.noGpu")} note={t("hardware.card.noGpuHint")} />
      )}
      <Fact icon="cpu" name={machine.cpu.name} note={cpuWords(machine.cpu, text, short)} />
      <Fact icon="ram" {...ramWords(machine.memory, text)} />
      {diskOf(machine) && <Fact icon="disk" {...diskWords(machine, text)} />}
      {machine.battery && !short && <Fact icon="gauge" {...batteryWords(machine.battery, text)} />}
      {!short && machine.system !== null && <Fact icon="info" name={machine.system} note={machine.arch} />}
    </ul>
  );
}

function Fact({ icon, name, note, mark }: { icon: IconName; name: string; note: string; mark?: string }) {
  return (
    <li>
      <Icon name={icon} className="ink3" />
      <span className="med">
        {name}
        {mark !== undefined && (
          <>
            {" "}
            <Badge tone="warn">{mark}</Badge>
          </>
        )}
      </span>
      <span className="t12 ink3">{note}</span>
    </li>
  );
}

const join = (words: readonly (string | null)[], { t }: Text) => words.filter(Boolean).join(t("common.comma"));

function GpuFact({ gpu, text }: { gpu: Gpu; text: Text }) {
  const { t, format } = text;
  const memory = gpu.vramTotalBytes;
  const words = [
    memory === null ? t("hardware.card.vramUnknown") : t("hardware.card.vram", { bytes: format.bytes(memory) }),
    gpu.vramFreeBytes === null ? null : t("hardware.card.free", { bytes: format.bytes(gpu.vramFreeBytes) }),
    gpu.unified ? t("hardware.card.unified") : null,
    bandwidthWords(gpu.bandwidthBytesPerSecond, gpu.bandwidthSource, text),
    gpu.api === "none" ? null : t(`hardware.api.${gpu.api}`),
    gpu.driver === null ? null : t("hardware.card.driver", { version: gpu.driver }),
    gpu.migUuid === null ? null : t("hardware.card.mig"),
  ];
  return (
    <Fact
      icon="gpu"
      name={gpu.name}
      note={join(words, text)}
      {...(gpu.api === "none" && { mark: t("hardware.card.noApi") })}
    />
  );
}

function bandwidthWords(rate: number | null, source: "table" | "measured" | null, { t, format }: Text): string | null {
  if (rate === null) return null;
  const words = { rate: format.rate(rate) };
  if (source === "measured") return t("hardware.card.bandwidthMeasured", words);
  return source === "table" ? t("hardware.card.bandwidthTable", words) : t("hardware.card.bandwidth", words);
}

function cpuWords(cpu: MachineProfile["cpu"], text: Text, short: boolean): string {
  const { t } = text;
  const words = [
    t("hardware.card.cores", { count: cpu.physicalCores }),
    cpu.performanceCores === null || cpu.performanceCores === cpu.physicalCores
      ? null
      : t("hardware.card.coresFast", { count: cpu.performanceCores }),
    cpu.logicalCores === cpu.physicalCores ? null : t("hardware.card.threads", { count: cpu.logicalCores }),
    short || cpu.instructionSets.length === 0 ? null : cpu.instructionSets.join(" "),
  ];
  return join(words, text);
}

function ramWords(memory: MachineProfile["memory"], text: Text): { name: string; note: string } {
  const { t, format } = text;
  return {
    name: t("hardware.card.ram", { bytes: format.bytes(memory.totalBytes) }),
    note: join(
      [
        t("hardware.card.free", { bytes: format.bytes(memory.freeBytes) }),
        bandwidthWords(memory.bandwidthBytesPerSecond, memory.bandwidthSource, text),
      ],
      text,
    ),
  };
}

/** The disk with the most room: where models would go is chosen with the downloads. */
function diskOf(machine: MachineProfile) {
  return machine.disks.reduce<MachineProfile["disks"][number] | null>(
    (best, disk) => (best === null || disk.freeBytes > best.freeBytes ? disk : best),
    null,
  );
}

function diskWords(machine: MachineProfile, text: Text): { name: string; note: string } {
  const { t, format } = text;
  const disk = diskOf(machine);
  if (!disk) return { name: "", note: "" };
  const read = disk.readBytesPerSecond;
  return {
    name: t("hardware.card.disk", { bytes: format.bytes(disk.freeBytes) }),
    note: join([read === null ? null : t("hardware.card.diskRead", { rate: format.rate(read) }), disk.mount], text),
  };
}

function batteryWords(battery: NonNullable<MachineProfile["battery"]>, { t, format }: Text) {
  return {
    name: t("hardware.card.battery", { percent: format.percent(battery.percent / 100) }),
    note: t(battery.charging ? "hardware.card.charging" : "hardware.card.onBattery"),
  };
}

/** What the detection found odd; nothing when all went well. */
export function MachineNotes({ machine }: { machine: MachineProfile }) {
  const text = useText();
  if (machine.notes.length === 0) return null;
  return (
    <div className="facts-notes">
      <div className="label">{text.t("hardware.card.notes")}</div>
      <ul className="t12 ink2">
        {machine.notes.map((note) => (
          <li key={`${note.code}/${note.subject}/${note.detail}`}>{describeProbeNote(note, text)}</li>
        ))}
      </ul>
    </div>
  );
}
