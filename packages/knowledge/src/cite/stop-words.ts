/** Words that carry no fact: their absence in a passage says nothing. */
const english = new Set(
  (
    "a about above according after again against all also although always am among an and any are as at be became because become been " +
    "before being below between both but by can cannot could did do does doing done down during each either else even ever " +
    "every few for from further get gets given gives giving go goes had has have having he her here hers herself him himself " +
    "his how however i if in into is it its itself just kind known let like made make makes many may me might more most much " +
    "must my named neither no nor not now of off often on once one ones only or other our ours out over own per please quite rather " +
    "really said same say says shall she should so some such than that the their theirs them themselves then there these " +
    "they this those through thus to too toward towards type under until up upon us used using very was we well were what " +
    "whatever when where whether which while who whom whose why will with within without would yes yet you your yours " +
    "based following information mentioned document documents source sources passage passages text provided stated states called name"
  ).split(" "),
);

/** Function words and question words; longest first, so that a scan takes the whole word. */
const chinese = [
  "什么时候",
  "为什么",
  "是什么",
  "有什么",
  "根据",
  "资料",
  "文档",
  "来源",
  "其中",
  "关于",
  "对于",
  "由于",
  "因此",
  "所以",
  "但是",
  "而且",
  "以及",
  "或者",
  "并且",
  "如果",
  "虽然",
  "可以",
  "能够",
  "需要",
  "应该",
  "已经",
  "正在",
  "之后",
  "之前",
  "什么",
  "哪些",
  "哪个",
  "哪种",
  "哪里",
  "哪年",
  "哪一",
  "多少",
  "多久",
  "多长",
  "何时",
  "何种",
  "何处",
  "怎么",
  "怎样",
  "如何",
  "是否",
  "一个",
  "一种",
  "这个",
  "那个",
  "这些",
  "那些",
  "他们",
  "她们",
  "它们",
  "我们",
  "你们",
  "自己",
  "名为",
  "称为",
  "叫做",
  "的",
  "了",
  "是",
  "在",
  "和",
  "与",
  "被",
  "这",
  "那",
  "也",
  "都",
  "就",
  "而",
  "或",
  "之",
  "谁",
  "哪",
  "吗",
  "呢",
  "吧",
  "啊",
  "他",
  "她",
  "它",
  "我",
  "你",
].sort((a, b) => b.length - a.length);

/** Most characters begin none: texts are read in a tenth of the time. */
const chineseByFirst: ReadonlyMap<string, readonly string[]> = Map.groupBy(chinese, (word) => word[0] ?? "");

export function isStopWord(word: string): boolean {
  return english.has(word);
}

/** Length of the Chinese function word that starts at `index`; 0 when none does. */
export function chineseStopLength(text: string, index: number): number {
  return chineseByFirst.get(text[index] ?? "")?.find((word) => text.startsWith(word, index))?.length ?? 0;
}
