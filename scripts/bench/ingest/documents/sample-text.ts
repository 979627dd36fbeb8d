import { createRandom } from "../../retrieval/mixed-passages.ts";
import type { Language } from "../../retrieval/xquad.ts";

/** Writes sentences about an office and its machines. The same seed gives the same ones. */
export interface SentenceWriter {
  readonly language: Language;
  sentence(): string;
  /** Of four to seven sentences. */
  paragraph(): string;
  /** From 0 up to below `limit`. */
  pick(limit: number): number;
}

interface Vocabulary {
  /** Capitals stand for a word of that list; the rest is written as it is. `N`: a number. */
  readonly patterns: readonly string[];
  readonly words: Readonly<Record<"S" | "O" | "V" | "A" | "P", readonly string[]>>;
}

const listed = (text: string) => text.split(", ");

/** Real words, because a tokenizer cuts invented ones into far more pieces. No mark that XML or a PDF has to escape. */
const vocabularies: Readonly<Record<Language, Vocabulary>> = {
  en: {
    patterns: [
      "The {A} {S} {V} the {O} {P}.",
      "{P}, the {S} {V} the {A} {O} within {N} days.",
      "Because the {S} was {A}, the {S} {V} {N} of the {O}s.",
      "The {S} {V} the {O}, and the {A} {S} keeps a copy of it {P}.",
      "Out of {N} {O}s only a few were {A}, so the {S} {V} the {O} {P}.",
      "No {O} leaves the {S} before the {S} {V} it {P}.",
    ],
    words: {
      S: listed(
        "accountant, assembly line, auditor, boiler, buyer, carrier, committee, compressor, control room, customer, depot, engineer, foundry, gardener, inspector, laboratory, landlord, library, lift, pump station, quality team, registrar, reviewer, safety officer, school, supplier, technician, translator, turbine, warehouse, weather station, workshop",
      ),
      O: listed(
        "agreement, air filter, annual report, bearing, bill of lading, brake pad, budget line, calibration record, circuit diagram, cooling circuit, delivery note, drawing, emergency plan, fuse, gasket, guarantee, inventory list, invoice, key, lease, maintenance log, manual, meter reading, order, parcel, permit, pressure gauge, price list, protocol, receipt, sample, sensor, spare part, tender, timetable, valve",
      ),
      V: listed(
        "approves, archives, checks, cleans, compares, corrects, delivers, describes, examines, files, handles, inspects, labels, measures, orders, packs, prepares, records, rejects, releases, repairs, replaces, returns, reviews, signs, stores, tests, updates, weighs",
      ),
      A: listed(
        "accurate, annual, broken, careful, cold, complete, costly, damaged, delayed, digital, dry, early, external, final, heavy, incomplete, independent, joint, late, local, minor, narrow, new, northern, open, permanent, provisional, quiet, regional, reliable, second, small, sealed, temporary, urgent, worn",
      ),
      P: listed(
        "after the first shift, at the end of the quarter, before the winter, behind the main building, between two deliveries, by hand, during the night, for the whole region, from the second floor, in the presence of a witness, in writing, near the harbour, on a working day, on request, outside of business hours, over the holidays, under full load, with the usual care, without further notice",
      ),
    },
  },
  zh: {
    patterns: [
      "{P}，{S}{V}了{A}{O}。",
      "{S}应当{P}{V}{O}，期限为{N}天。",
      "由于{O}比较{A}，{S}{P}{V}了其中{N}份。",
      "{S}{V}{O}以后，{S}再{V}一次，并且{P}保存记录。",
      "在{N}份{O}里，只有少数是{A}的，因此{S}重新{V}{O}。",
      "未经{S}{V}，任何{O}都不得交给{S}。",
    ],
    words: {
      S: listed(
        "仓库, 采购部门, 车间主任, 承租人, 发电站, 法律顾问, 供应商, 工程师, 管理委员会, 技术员, 检验员, 客户, 会计, 空气压缩机, 控制室, 锅炉, 图书馆, 物流公司, 实验室, 水泵站, 学校, 验收小组, 园丁, 质量小组, 值班人员, 翻译, 安全员, 气象站",
      ),
      O: listed(
        "安装图纸, 报价单, 备用零件, 保修单, 操作手册, 测量数据, 产品样品, 传感器, 电路图, 订单, 发票, 阀门, 费用清单, 供货合同, 技术方案, 检修记录, 冷却管道, 年度报告, 轴承, 维护日志, 物料清单, 压力表, 应急预案, 运输单据, 租赁协议, 招标文件, 制动片, 钥匙",
      ),
      V: listed(
        "安排, 保管, 比较, 测试, 登记, 更换, 归档, 核对, 记录, 检查, 交付, 清洗, 批准, 签署, 审查, 退回, 维修, 修改, 验收, 整理, 准备, 称量",
      ),
      A: listed(
        "完整, 陈旧, 独立, 潮湿, 昂贵, 复杂, 干燥, 紧急, 经济, 可靠, 临时, 轻微, 全新, 损坏, 特殊, 细小, 年度, 长期, 准确, 重要",
      ),
      P: listed(
        "在第一班结束以后, 在季度末, 冬季来临之前, 在主楼后面, 以书面形式, 夜间, 在证人面前, 于工作日, 按照要求, 在假期期间, 满负荷运行时, 根据通常做法, 在港口附近, 在两次交货之间, 无需另行通知, 由专人",
      ),
    },
  },
};

export function createSentenceWriter(language: Language, seed: number): SentenceWriter {
  const random = createRandom(seed);
  const { patterns, words } = vocabularies[language];
  const pick = (limit: number) => Math.floor(random() * limit);
  const one = (list: readonly string[]) => list[pick(list.length)] ?? "";
  const sentence = () => {
    const text = one(patterns).replaceAll(/\{([SOVAPN])\}/g, (_, list: "N" | keyof typeof words) =>
      list === "N" ? String(2 + pick(900)) : one(words[list]),
    );
    return text.charAt(0).toUpperCase() + text.slice(1);
  };
  const glue = language === "en" ? " " : "";
  return {
    ...{ language, sentence, pick },
    paragraph: () => Array.from({ length: 4 + pick(4) }, sentence).join(glue),
  };
}
