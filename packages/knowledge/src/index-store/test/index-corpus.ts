import { createHash } from "node:crypto";

const english =
  "pump valve motor filter warranty pressure voltage sensor cable housing repair service interval oil".split(" ");
const chinese = "水泵 阀门 电机 滤芯 保修 压力 电压 传感器 电缆 外壳 维修 服务 周期 机油".split(" ");
const endings = ["", "s"];

/** A whole number below `below`, the same for the same seed. */
function draw(seed: string, below: number): number {
  return createHash("sha256").update(seed).digest().readUInt32LE(0) % below;
}

/** Texts of both languages, the same every time, that share words in ever different ways. */
export function corpusTexts(count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const isChinese = at % 3 === 2;
    const words = isChinese ? chinese : english;
    const length = 12 + draw(`length ${at}`, 40);
    const chosen = Array.from({ length }, (_word, place) => {
      const word = words[draw(`word ${at} ${place}`, words.length)] ?? "";
      return isChinese ? word : word + (endings[draw(`end ${at} ${place}`, endings.length)] ?? "");
    });
    const number = `P-${100 + at}`;
    return isChinese ? `型号${number}：${chosen.join("的")}。` : `Part ${number}: ${chosen.join(" ")}.`;
  });
}

export const corpusQuestions: readonly string[] = [
  "Which pump has a warranty on its motor?",
  "水泵的保修周期",
  "P-117",
  "oil filter service interval",
  "传感器电压",
  "泵",
  "the pressure of the valve housing and 压力",
];
