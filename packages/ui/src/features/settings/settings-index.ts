import type { SettingKey } from "@deskside/contract";
import type { Translate } from "../../i18n/use-text.ts";
import type { IconName } from "../../primitives/index.ts";

export const settingsSections = [
  "general",
  "hardware",
  "library",
  "network",
  "privacy",
  "security",
  "api",
  "providers",
  "storage",
  "shortcuts",
  "about",
] as const;
export type SettingsSection = (typeof settingsSections)[number];

export const sectionIcons: Record<SettingsSection, IconName> = {
  general: "settings",
  hardware: "cpu",
  library: "library",
  network: "network",
  privacy: "shield",
  security: "lock",
  api: "server",
  providers: "cloud",
  storage: "save",
  shortcuts: "keyboard",
  about: "info",
};

/** Other words for a section or a setting, in both languages: people search for what they call it. */
const sectionSynonyms: Record<SettingsSection, string> = {
  general: "appearance look display 外观 界面 显示 常规",
  hardware:
    "benchmark measure driver cuda vulkan 基准测试 驱动 gpu graphics card cpu processor threads ram memory vram 显卡 显存 处理器 线程 内存 引擎",
  library:
    "models hub hugging face mirror modelscope download folder bandwidth 模型 模型库 下载 下载源 镜像 文件夹 带宽",
  network: "proxy token tokens certificate gated hf_token login 代理 令牌 证书 登录 许可",
  privacy:
    "offline network internet connection telemetry air-gap airgap outbound tracking 离线 网络 联网 连接 遥测 隔离 外联",
  security: "password encryption key lock users roles 密码 加密 密钥 锁 用户 角色",
  api: "openai http port server network 端口 服务器 接口 局域网",
  providers: "cloud remote openai deepseek api key 云 远程 服务商",
  storage: "disk folder path data backup restore export trash 磁盘 文件夹 路径 数据 备份 恢复 导出 回收站",
  shortcuts: "keyboard keys hotkey 键盘 按键 热键",
  about: "version licence license update help diagnostics 版本 许可 更新 帮助 诊断",
};

const settingSynonyms: Record<SettingKey, string> = {
  "general.language": "language english chinese locale translation 语言 中文 英文 汉语 翻译",
  "general.theme": "dark light mode night colour color 深色 浅色 夜间 暗色 亮色 颜色 主题",
  "general.density": "compact spacing rows size 密度 紧凑 间距 行高",
  "general.zoom": "scale font size larger bigger text magnify 缩放 放大 字号 字体 大小",
  "general.sendKey": "enter return newline send key 发送 回车 换行",
  "general.defaultModel": "default model automatic 默认 模型 自动",
  "general.showReasoning": "thinking thought reasoning chain 思考 推理 过程",
  "hardware.device": "gpu cpu graphics card cuda vulkan metal processor accelerator 显卡 处理器 设备 加速",
  "hardware.gpuLayers": "gpu layers offload ngl video memory vram 层数 显卡 显存 卸载",
  "hardware.contextSize": "context length window tokens memory n_ctx 上下文 长度 窗口",
  "hardware.kvType": "kv cache precision quantization f16 q8_0 q4_0 8 bit 4 bit 缓存 精度 量化 位",
  "hardware.threads": "threads cores cpu speed 线程 核心 速度",
  "network.proxy": "proxy http_proxy https_proxy no_proxy company firewall 代理 公司 防火墙",
  "library.hubUrl": "hub hugging face hf-mirror modelscope address endpoint HF_ENDPOINT 下载站 地址 镜像",
  "library.mirrors": "mirror mirrors fallback order hf-mirror modelscope 镜像 下载源 备用 顺序",
  "library.privateFileHosts": "private network host internal intranet redirect 内网 内部 主机 跳转",
  "library.trustedBundles": "bundle offline fingerprint trust air gap usb 离线包 指纹 信任 内网",
  "library.folders": "folder disk path models drive 文件夹 磁盘 路径 硬盘",
  "library.bytesPerSecond": "bandwidth limit speed throttle 带宽 限速 速度",
  "library.parallelDownloads": "parallel simultaneous downloads at once 同时 并行 下载",
  "library.downloadHours": "hours night schedule time downloads 时段 夜间 计划 时间 下载",
  "library.keepWarmMinutes": "keep warm unload idle memory 卸载 空闲 内存",
  "knowledge.embeddingModel": "embedding vectors semantic search documents 嵌入 向量 语义 检索 文档",
  "knowledge.server": "team server postgres postgresql pgvector database shared 团队 服务器 数据库 共享",
  "hardware.keepFreeBytes": "reserve headroom free memory ram vram other programs 保留 空闲 内存 显存 余量",
};

export interface SettingsHit {
  readonly section: SettingsSection;
  /** Null = the section itself. */
  readonly key: SettingKey | null;
  readonly label: string;
}

export function settingName(key: SettingKey, t: Translate): string {
  switch (key) {
    case "general.language":
      return t("settings.language.name");
    case "general.theme":
      return t("settings.theme.name");
    case "general.density":
      return t("settings.density.name");
    case "general.zoom":
      return t("settings.zoom.name");
    case "general.sendKey":
      return t("settings.sendKey.name");
    case "general.defaultModel":
      return t("settings.defaultModel.name");
    case "general.showReasoning":
      return t("settings.showReasoning.name");
    case "hardware.device":
      return t("settings.hardware.deviceChoice.name");
    case "hardware.gpuLayers":
      return t("settings.hardware.gpuLayers.name");
    case "hardware.contextSize":
      return t("settings.hardware.contextSize.name");
    case "hardware.kvType":
      return t("settings.hardware.kvType.name");
    case "hardware.threads":
      return t("settings.hardware.threads.name");
    case "network.proxy":
      return t("settings.network.proxy.name");
    case "library.hubUrl":
      return t("library.settings.hub.name");
    case "library.mirrors":
      return t("library.settings.mirrors.name");
    case "library.privateFileHosts":
      return t("library.settings.privateHosts.name");
    case "library.trustedBundles":
      return t("library.settings.trustedBundles.name");
    case "library.folders":
      return t("library.settings.folders.name");
    case "library.bytesPerSecond":
      return t("library.settings.limit.name");
    case "library.parallelDownloads":
      return t("library.settings.parallel.name");
    case "library.downloadHours":
      return t("library.settings.hours.name");
    case "library.keepWarmMinutes":
      return t("library.settings.keepWarm.name");
    case "knowledge.server":
      return t("knowledge.server.name");
    case "knowledge.embeddingModel":
      return t("library.settings.embedding.name");
    case "hardware.keepFreeBytes":
      return t("settings.hardware.keepFree.name");
  }
}

/** Sections and settings whose name or synonyms contain every word of the query. */
export function searchSettings(query: string, t: Translate): readonly SettingsHit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const matches = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const sections = settingsSections.map((section) => ({
    section,
    key: null,
    label: t(`settings.sections.${section}`),
    text: sectionSynonyms[section],
  }));
  const keys = (Object.keys(settingSynonyms) as SettingKey[]).map((key) => ({
    section: sectionOfKey(key),
    key,
    label: settingName(key, t),
    text: settingSynonyms[key],
  }));
  return [...keys, ...sections]
    .filter((entry) => matches(`${entry.label} ${entry.text}`))
    .map(({ section, key, label }) => ({ section, key, label }));
}

/** Models for documents are chosen where models are. */
function sectionOfKey(key: SettingKey): SettingsSection {
  return key.startsWith("knowledge.") ? "library" : settingsSectionOf(key.split(".")[0] ?? null);
}

export function settingsSectionOf(id: string | null): SettingsSection {
  return settingsSections.find((section) => section === id) ?? "general";
}
