import type { Translated } from "../../catalogue-shape.ts";
import type {
  libraryErrorParts as sourceParts,
  libraryErrorWords as sourceWords,
} from "../../en/library/library-errors.ts";

export const libraryErrorWords = {
  PROXY_UNUSABLE: {
    title: "代理 {{proxy}} 无法使用",
    body: "{{reason}}没有发送任何内容。请在设置的「网络」中修改，或修改环境变量（HTTPS_PROXY）。",
    action: "网络设置",
  },
  PROXY_UNREACHABLE: {
    title: "代理 {{proxy}} 没有回应",
    body: "没有连上 {{host}}（{{detail}}），之前下载的部分都在。这台电脑在代理所在的网络中吗？代理在设置的「网络」中，或在环境变量（HTTPS_PROXY）中。",
    action: "网络设置",
  },
  PROXY_AUTH_REQUIRED: {
    title: "代理 {{proxy}} 要求用户名和密码",
    body: "{{what}}没有连上 {{host}}，没有改动任何内容。请在设置的「网络」中或在 HTTPS_PROXY 中写 http://用户名:密码@{{proxy}}。只支持 Basic 方式。",
    action: "网络设置",
  },
  PROXY_REFUSED: {
    title: "代理 {{proxy}} 不连接 {{host}}",
    body: "它回复的状态是 {{status}}：该主机在那里被禁止，或从那里无法到达。没有改动任何内容。请让代理的管理员允许 {{host}}，或换一个下载站。",
    action: "网络设置",
  },
  HUB_REPO_NOT_FOUND: {
    title: "找不到「{{repo}}」",
    body: "{{hub}} 上没有这个名称的仓库，或者要有令牌才能看到。没有下载任何内容。请检查写法（所有者/名称），或换一个下载站。",
  },
  HUB_GATED: {
    title: "{{repo}} 需要所有者许可",
    body: "{{hub}} 只向接受了条款的账户提供这些文件。{{next}}没有下载任何内容。",
    action: "令牌",
  },
  HUB_TOKEN_REFUSED: {
    title: "{{hub}} 拒绝了 {{host}} 的令牌",
    body: "令牌有误、已撤销或已过期。没有下载任何内容。请在该站的账户中新建令牌，然后在设置的「网络」中替换，或使用「deskside models token set {{host}}」。",
    action: "令牌",
  },
  ADAPTER_MISMATCH: {
    title: "「{{adapter}}」不属于 {{base}}",
    body: "{{reason}}（{{detail}}）。没有附加任何内容，也没有改动。适配器只能用于训练它的那个模型：请选择那个模型，或在模型库中取下这个适配器。",
  },
  DRAFT_MISMATCH: {
    title: "「{{draft}}」不能为 {{base}} 起草",
    body: "{{reason}}（{{detail}}）。没有附加任何内容，也没有改动。请选择同一系列中更小的模型，或在模型库中取下草稿模型。",
  },
  NOT_ATTACHED: {
    title: "没有可取下的内容",
    body: "{{model}} 已没有这个适配器或草稿模型。没有任何改动。",
  },
  HUB_TOKEN_NOT_FOUND: {
    title: "没有保存 {{host}} 的令牌",
    body: "没有改动任何内容。环境变量（HF_TOKEN）中的令牌要在那里删除。",
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
    body: "{{path}} 需要 {{needed}}，可用 {{free}}。已下载的部分都在。腾出空间后，Deskside 运行时会自动继续；也可以换一个文件夹。",
    action: "重试",
  },
  DOWNLOAD_PAUSED: {
    title: "下载已暂停",
    body: "已有 {{received}}，共 {{total}}，都会保留。再次运行同一命令会从那里继续。",
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
} satisfies Translated<typeof sourceWords>;

export const libraryErrorParts = {
  adapter: {
    "not-an-adapter": "这个文件不是适配器",
    "not-lora": "它不是 LoRA 类型",
    "other-architecture": "它是为另一类模型制作的",
    "unknown-tensor": "它要改动的部分在这个模型中不存在",
    "other-shape": "它是为另一种大小的模型制作的",
    "file-changed": "文件已不是附加时的那一个",
    "not-attached": "没有附加这个名称的适配器",
  },
  draft: {
    "not-a-chat-model": "它不会写文本",
    "same-model": "它就是同一个模型",
    "other-tokenizer": "它切分文本的方式不同",
    "other-vocabulary-size": "它的词元数量不同",
    "other-special-token": "它的控制词元不同",
    "other-token": "某个词元在其中含义不同",
  },
  proxy: {
    socks: "这是 SOCKS 代理，Deskside 不支持：只支持 HTTP 代理，地址以 http:// 或 https:// 开头。",
    "not-an-address": "这不是 HTTP 代理的地址，正确的写法如 http://proxy.example:3128。",
    "link-local-address": "它的名称指向本网络内部设施的地址，这种地址从不连接。",
    noPassword: "没有填写。",
    refusedPassword: "填写的没有被接受。",
  },
  gatedNew:
    "请在 {{url}} 接受条款，在该站的账户中新建有读取权限的令牌，然后在设置的「网络」中填入，或使用「deskside models token set {{host}}」。之后重试。",
  gatedSignedIn: "{{host}} 的令牌有效，但该账户还没有接受条款，或所有者还没有批准。请用该账户打开 {{url}}，之后重试。",

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
