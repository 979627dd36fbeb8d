import type { Translated } from "../catalogue-shape.ts";
import type { libraryErrorParts as sourceParts, libraryErrorWords as sourceWords } from "../en/library-errors.ts";

export const libraryErrorWords = {
  HUB_REPO_NOT_FOUND: {
    title: "找不到「{{repo}}」",
    body: "{{hub}} 上没有这个名称的仓库，或者要有令牌才能看到。没有下载任何内容。请检查写法（所有者/名称），或换一个下载站。",
  },
  HUB_GATED: {
    title: "{{repo}} 需要所有者许可",
    body: "{{hub}} 只向接受了条款的账户提供这些文件。没有下载任何内容。Deskside 还不能登录模型站：请在 {{url}} 接受条款，用浏览器下载文件后再添加到这里。",
  },
  HUB_FILE_NOT_FOUND: {
    title: "{{repo}} 中没有文件「{{wanted}}」",
    body: "{{nearest}}没有下载任何内容。",
  },
  HUB_UNAVAILABLE: {
    title: "{{hub}} 无法访问",
    body: "{{status}}{{detail}}。已装的模型照常可用。请稍后再试，或换一个下载站。",
    action: "重试",
  },
  HUB_RATE_LIMITED: {
    title: "{{hub}} 要求放慢请求",
    body: "这个网络发出的请求太多。{{wait}}已下载的部分都在。",
    action: "重试",
  },
  HUB_ANSWER_INVALID: {
    title: "{{hub}} 的回复无法使用",
    body: "{{detail}}。可能被网络登录页拦截，或者这个地址不是模型下载站。没有改动任何内容。",
    action: "重试",
  },
  DOWNLOAD_HASH_MISMATCH: {
    title: "下载的文件与发布的不一致",
    body: "{{source}} 的 {{file}} 校验和应为 {{expected}}，实际是 {{actual}}。文件已隔离，不会成为模型。请从其他下载源获取。",
    action: "换下载源",
  },
  DOWNLOAD_SIZE_MISMATCH: {
    title: "下载的文件大小不对",
    body: "{{source}} 的 {{file}} 应为 {{expected}}，实际是 {{actual}}。没有使用它。请从其他下载源获取。",
    action: "换下载源",
  },
  DOWNLOAD_CHANGED: {
    title: "下载期间文件变了",
    body: "{{source}} 上的 {{file}} 已是另一个版本。两个版本的内容不会混在一起，所以要从头下载。",
    action: "重新开始",
  },
  DOWNLOAD_FAILED: {
    title: "下载停止",
    body: "{{source}} 的 {{file}}：{{detail}}。已下载的部分都在，会从那里继续。",
    action: "继续",
  },
  DOWNLOAD_NO_SPACE: {
    title: "磁盘空间不够下载",
    body: "{{path}} 需要 {{needed}}，可用 {{free}}。已下载的部分都在。请腾出空间，或换一个文件夹。",
    action: "重试",
  },
  DOWNLOAD_NOT_FOUND: {
    title: "这个下载已不存在",
    body: "它已完成或已移除，可能在另一个窗口中操作过。",
    action: "重新载入",
  },
  UNSUPPORTED_FORMAT: {
    title: "{{format}} 文件无法在这里运行",
    body: "Deskside 运行 GGUF 文件。{{nearest}}没有下载任何内容。",
  },
  MODEL_IN_USE: {
    title: "{{model}} 正在使用",
    body: "它已载入或正在回答。请先卸载。没有改动任何内容。",
  },
  MODEL_FILE_CHANGED: {
    title: "{{model}} 的文件变了",
    body: "{{path}} 原来是 {{expected}}，现在是 {{actual}}。没有载入。请校验，或重新添加。",
  },
  MODEL_FOLDER_UNUSABLE: {
    title: "模型文件夹无法使用",
    body: "{{path}}：{{detail}}。其他文件夹中的模型照常可用。请接上磁盘，或换一个文件夹。",
    action: "打开设置",
  },
  CANARY_FAILED: {
    title: "{{model}} 没有通过试运行",
    body: "{{step}}：{{detail}}。没有启用它，之前使用的保持不变。",
  },
  CATALOGUE_SIGNATURE: {
    title: "这个目录没有可信密钥的签名",
    body: "没有采用 {{path}}。现有目录继续使用。",
  },
} satisfies Translated<typeof sourceWords>;

export const libraryErrorParts = {
  hubStatus: "它返回 {{status}}。",
  waitFor: "{{time}}后可以再试。",
  waitUnknown: "它没有说明要等多久。",
  nearestFile: "名称相近的有：{{names}}。",
  nearestFileNone: "其中没有名称相近的模型文件。",
  nearestFormat: "最接近的 GGUF 类型是 {{nearest}}。",
  nearestFormatAt: "最接近的 GGUF 类型是 {{nearest}}，位于 {{where}}。",
  nearestFormatNone: "没有已知的 GGUF 版本。",
  canary: {
    validate: "检查文件",
    load: "载入",
    prompt: "回答已知问题",
    speed: "测量速度",
  },
} satisfies Translated<typeof sourceParts>;
