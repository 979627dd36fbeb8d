import type { Translated } from "../catalogue-shape.ts";
import type { errors as source } from "../en/errors.ts";
import { knowledgeErrors, knowledgeServerReasons } from "./knowledge/knowledge-errors.ts";
import { bundleErrorParts, bundleErrorWords } from "./library/bundle-errors.ts";
import { libraryErrorParts, libraryErrorWords } from "./library/library-errors.ts";

export const errors = {
  ...libraryErrorWords,
  ...bundleErrorWords,
  ...knowledgeErrors,
  ALREADY_RUNNING: {
    title: "Deskside 已在运行",
    body: "另一个 Deskside（进程 {{pid}}）正在使用 {{dataDir}}。没有改动任何内容。它的地址是{{address}}。",
  },
  DATA_DIR_UNUSABLE: {
    title: "数据文件夹无法使用",
    body: "{{path}}：{{reason}}。没有写入任何内容。请换一个文件夹，或修正权限。",
  },
  DATABASE_UNREADABLE: {
    title: "数据库无法读取",
    body: "{{path}} {{reason}}。其中的内容没有改动。{{kept}}",
  },
  DATABASE_NEWER: {
    title: "由更新版本的 Deskside 写入",
    body: "{{path}} 的版本是 {{fileVersion}}，当前 Deskside 只认识版本 {{appVersion}}。全部内容可以查看，不会改动。更新 Deskside 后才能写入。",
  },
  STORE_READ_ONLY: {
    title: "没有保存：数据处于只读状态",
    body: "{{reason}}。之前保存的内容都在。",
  },
  DISK_FULL: {
    title: "磁盘已满",
    body: "没有空间写入 {{path}}。之前保存的内容都在。腾出空间后再试。",
    action: "重试",
  },
  DISK_FAILED: {
    title: "磁盘拒绝写入",
    body: "{{path}}：{{detail}}。之前保存的内容都在。",
    action: "重试",
  },
  KEY_UNAVAILABLE: {
    title: "无法读取加密密钥",
    body: "{{reason}}{{place}}。对话仍加密保存在磁盘上，没有改动。",
  },
  PORT_IN_USE: {
    title: "端口 {{port}} 已被占用",
    body: "{{host}}:{{port}} 上已有其他程序。请换一个端口。",
  },
  PORT_DENIED: {
    title: "端口 {{port}} 不允许使用",
    body: "系统不允许 Deskside 监听 {{host}}:{{port}}。请选择 1024 及以上的端口。",
  },
  NOT_LOOPBACK: {
    title: "只能为本机提供服务",
    body: "其他机器可以访问 {{host}}。这需要加密和密钥，当前版本还没有。请使用 127.0.0.1。",
  },
  INVALID_INPUT: {
    title: "这个值不被接受",
    body: "{{issues}}。没有改动任何内容。",
  },
  USAGE: {
    title: "无法理解这条命令",
    body: "{{problem}}",
  },
  UNSUPPORTED: {
    title: "当前版本没有这项功能",
    body: "当前版本还做不到（{{feature}}）。没有改动任何内容。",
  },
  UNAUTHORIZED: {
    title: "这个地址没有有效的令牌",
    body: "请打开 Deskside 启动时给出的地址，其中带有本次会话的令牌。",
  },
  PEER_GONE: {
    title: "与 Deskside 的连接断开",
    body: "后台在回应之前退出了（{{peer}}）。已保存的内容都在。连接会自动恢复。",
    action: "重试",
  },
  TIMED_OUT: {
    title: "没有及时回应",
    body: "{{what}} 在 {{time}}内没有回应。已保存的内容都在。",
    action: "重试",
  },
  EGRESS_BLOCKED: {
    title: "连接已拦截",
    body: "没有连接 {{host}}：{{reason}}。没有发送任何内容。",
  },
  EGRESS_FAILED: {
    title: "{{host}} 没有回应",
    body: "{{detail}}。本机上的功能照常可用。",
    action: "重试",
  },
  INTERNAL: {
    title: "Deskside 内部出错",
    body: "发生了意料之外的故障。已保存的内容都在。日志中的编号是 {{incident}}。",
    action: "复制详情",
  },
  FOLDER_NOT_FOUND: {
    title: "这个文件夹已不存在",
    body: "它可能已在另一个窗口中被移除。其中的对话保留在列表里。",
  },
  NOT_EDITABLE: {
    title: "无法修改这条消息",
    body: "它仍在生成中，或不属于可修改的类型。你输入的内容已保留。",
  },
  CHAT_NOT_FOUND: {
    title: "这个对话已不存在",
    body: "它已在这里或另一个窗口中被彻底删除。",
    action: "新建对话",
  },
  MESSAGE_NOT_FOUND: {
    title: "这条消息已不存在",
    body: "对话在另一个窗口中有改动。",
    action: "重新载入",
  },
  GENERATION_NOT_FOUND: {
    title: "这个回答已不在生成",
    body: "它已经结束，写好的内容在对话里。",
    action: "重新载入",
  },
  GENERATION_RUNNING: {
    title: "这里正在生成回答",
    body: "一个对话一次只生成一个回答。请等它结束，或先停止它。",
  },
  CONTEXT_OVERFLOW: {
    title: "对话超出了模型能读的长度",
    body: "提示词有 {{promptTokens}} 个 token，还要为回答留出 {{room}} 个；上下文只有 {{contextSize}} 个。没有发送任何内容。请缩短消息，或新建对话。",
    action: "新建对话",
  },
  MESSAGE_TOO_LARGE: {
    title: "消息太长",
    body: "消息有 {{size}}，最多 {{limit}}。没有发送，文字仍在输入框里。",
  },
  MESSAGE_EMPTY: {
    title: "消息是空的",
    body: "请先输入内容。没有发送。",
  },
  NOT_CONTINUABLE: {
    title: "这个回答不能继续",
    body: "只有对话末尾被停止的回答可以继续。",
  },
  MODEL_NOT_FOUND: {
    title: "没有安装「{{model}}」",
    body: "{{nearest}}对话仍可查看。",
    action: "打开模型库",
  },
  MODEL_FILE_MISSING: {
    title: "{{model}} 的文件不见了",
    body: "它应在 {{path}}，可能已被移动或删除。对话不受影响。",
    action: "打开模型库",
  },
  MODEL_NOT_READABLE: {
    title: "模型文件无法读取",
    body: "{{path}}：{{detail}}。",
    action: "打开模型库",
  },
  MANIFEST_INVALID: {
    title: "模型的说明文件无效",
    body: "{{path}}：{{issues}}。这个模型不会使用，其他模型照常。",
    action: "打开模型库",
  },
  HASH_MISMATCH: {
    title: "模型文件被改动过",
    body: "{{path}} 的校验值应为 {{expected}}，实际为 {{actual}}。没有载入。",
    action: "打开模型库",
  },
  GGUF_INVALID: {
    title: "这不是可用的模型文件",
    body: "{{path}}：{{problem}}（第 {{at}} 字节）。没有载入。",
    action: "打开模型库",
  },
  GGUF_TRUNCATED: {
    title: "模型文件不完整",
    body: "{{path}} 只有 {{actual}}，应有 {{expected}}。缺少其余部分，没有载入。",
    action: "打开模型库",
  },
  GGUF_UNSUPPORTED: {
    title: "这类模型无法在这里运行",
    body: "{{path}} 的架构是「{{architecture}}」，Deskside 不认识。",
    action: "打开模型库",
  },
  WRONG_ROLE: {
    title: "{{model}} 另有用途",
    body: "它的用途是{{role}}，这里需要用于{{needed}}的模型。",
    action: "选择模型",
  },
  ENGINE_CRASHED: {
    title: "引擎停止后已重新启动",
    body: "{{cause}}{{kept}}",
    action: "继续",
  },
  ENGINE_STALLED: {
    title: "引擎没有反应，已经更换",
    body: "它有 {{time}}没有任何动静。{{kept}}",
    action: "继续",
  },
  ENGINE_GAVE_UP: {
    title: "引擎已停止",
    body: "{{model}} 连续失败 {{failures}} 次，不再自动重试。对话都在。",
    action: "重新启动",
  },
  ENGINE_START_FAILED: {
    title: "引擎无法启动",
    body: "{{detail}}。对话都在，可以查看。",
    action: "重新启动",
  },
  MODEL_NOT_LOADED: {
    title: "没有载入模型",
    body: "没有发送。再次提问时会载入模型。",
    action: "重试",
  },
  MODEL_LOAD_FAILED: {
    title: "无法载入 {{model}}",
    body: "{{cause}}对话都在。{{remedy}}",
    action: "选择模型",
  },
  OUT_OF_MEMORY: {
    title: "内存不足",
    body: "需要 {{needed}}，可用 {{free}}。{{cause}}写好的内容都在。{{remedy}}",
    action: "选择模型",
  },
  TEMPLATE_FAILED: {
    title: "模型的对话格式出错",
    body: "{{reason}}。没有发送，文字都在。",
    action: "选择模型",
  },
  GENERATION_FAILED: {
    title: "回答中断了",
    body: "{{detail}}。写好的内容都在。",
    action: "重试",
  },
  SETTING_LOCKED: {
    title: "由你的组织固定",
    body: "在这台电脑上不能更改这项设置。",
  },
  FIXTURE_INVALID: {
    title: "无法读取录制的机器",
    body: "{{path}}：{{detail}}。没有改用这台电脑的数据。请修正录制内容后再试。",
  },
  FIT_UNKNOWN: {
    title: "尚不清楚 {{model}} 需要多少资源",
    body: "目录的来源没有公布它的结构参数。没有改动任何内容。取得模型文件后，文件本身会说明。",
  },
  BENCH_RUNNING: {
    title: "正在进行基准测试",
    body: "正在测试 {{model}}。一次只进行一个，以免互相影响。请等它结束，或先停止它。",
  },
  BENCH_NOT_FOUND: {
    title: "这次基准测试已不存在",
    body: "它在 Deskside 本次启动之前开始，或从未开始。请重新开始。",
  },
  ENGINE_BINARY_UNAVAILABLE: {
    title: "这个系统没有 {{api}} 引擎",
    body: "没有适用于 {{platform}} {{arch}} 且能核对校验值的软件包。之前使用的引擎照常工作。",
  },
  ENGINE_BINARY_DOWNLOAD_FAILED: {
    title: "无法获取引擎",
    body: "从 {{host}} 获取 {{package}}：{{reason}}。已收到的部分都在，下次从那里继续。在此之前使用现有的引擎。",
    action: "重试",
  },
  ENGINE_BINARY_HASH_MISMATCH: {
    title: "获取的引擎与发布的不一致",
    body: "来自 {{host}} 的 {{package}} 校验值应为 {{expected}}，实际为 {{actual}}。已删除，不会使用；现有的引擎照常工作。",
    action: "重试",
  },
  ENGINE_BINARY_UNPACK_FAILED: {
    title: "获取的引擎无法解包",
    body: "{{package}}：{{problem}}。其中的内容不会使用；现有的引擎照常工作。",
    action: "重试",
  },
  ENGINE_BINARY_NO_SPACE: {
    title: "磁盘空间不够放引擎",
    body: "{{path}} 可用 {{free}}，需要 {{needed}}。没有获取任何内容。请腾出空间后再试。",
    action: "重试",
  },
  ENGINE_BINARY_BUSY: {
    title: "正在获取引擎",
    body: "另一个 Deskside（进程 {{pid}}）正在获取 {{package}}。请等它结束。",
  },
  ENGINE_BINARY_NOT_THERE: {
    title: "没有安装 {{api}} 引擎",
    body: "获取之后才能测试。没有改动任何内容。",
  },
  other: {
    title: "操作失败",
    body: "Deskside 没有这个错误的说明（{{code}}）。已保存的内容都在。",
    action: "复制详情",
  },
  parts: {
    keptTokens_other: "已写的 {{count}} 个 token 都在。",
    keptNothing: "还没有写出内容，问题都在。",
    exitCode: "进程退出，代码 {{code}}。",
    signal: "进程被 {{signal}} 终止。",
    exitUnknown: "进程退出了。",
    quarantined: "它已移到 {{path}}。",
    keyPlace: "（{{path}}）",
    nearest: "名称相近的有：{{names}}。",
    nearestNone: "没有名称相近的已装模型。",
    noAddress: "未知",
    noPid: "未知",
    noDetail: "没有详情",
    noIncident: "无",
  },
  dataDir: {
    "not-a-folder": "同名的文件已存在",
    "read-only": "磁盘是只读的",
    "no-permission": "没有写入权限",
    other: "系统拒绝",
  },
  database: {
    damaged: "已损坏",
    foreign: "不是 Deskside 的数据库",
    "other-key": "是用另一把密钥加密的",
  },
  readOnly: {
    "newer-schema": "数据由更新版本的 Deskside 写入",
    "read-only-disk": "磁盘或文件夹不可写",
    "write-failure": "写入磁盘失败",
  },
  key: {
    missing: "密钥文件不见了",
    damaged: "密钥文件已损坏",
    "no-permission": "没有读取密钥的权限",
    "store-locked": "系统的密钥库已锁定",
    "no-protection": "系统没有受保护的密钥存放处",
  },
  egress: {
    policy: "设置不允许",
    "private-address": "这个名称指向内部网络的地址",
    "link-local-address": "这个名称指向本网络设备的地址",
    "cross-host-credentials": "凭据会被带到另一台主机",
    scheme: "只允许 https",
    "too-many-redirects": "跳转次数太多",
    unresolved: "找不到这个名称",
  },
  engineDownload: {
    "not-found": "没有这个软件包",
    "http-status": "服务器返回 {{status}}",
    network: "连接中断",
    truncated: "连接提前结束",
    "too-large": "收到的内容超出预告的大小",
  },
  engineUnpack: {
    "unsafe-path": "其中有文件指向文件夹之外",
    "not-a-file": "其中有不是普通文件的内容",
    "too-large": "比预告的大",
    "not-an-archive": "不是压缩包",
    incomplete: "缺少一部分",
  },
  template: {
    time: "用时太长",
    memory: "占用内存太多",
    output: "产生的文字太多",
    syntax: "其中有语法错误",
    raised: "它拒绝了这个对话",
    content: "它丢失了对话的一部分",
  },
  gguf: {
    "not-gguf": "不是 GGUF 格式",
    "other-byte-order": "适用于另一种字节序的机器",
    "unsupported-version": "格式版本不受支持",
    "header-too-large": "文件头大得不合理",
    "count-out-of-range": "声明的条目数量不可能",
    "string-out-of-range": "其中的文字超出了文件范围",
    "bad-text": "其中的文字无法读取",
    "unknown-value-type": "含有未知类型的值",
    "nested-array": "列表中套有列表",
    "duplicate-key": "有重复的名称",
    "missing-key": "缺少必要的条目",
    "bad-value": "条目的值不可能",
    "unknown-tensor-type": "含有未知类型的权重",
    "bad-dimensions": "权重的尺寸不可能",
    "bad-alignment": "各部分没有对齐",
    "bad-offset": "权重的位置超出文件",
    truncated: "文件提前结束",
    "split-file": "它是分卷模型中的一卷",
  },
  libraryParts: libraryErrorParts,
  bundleParts: bundleErrorParts,
  knowledgeServer: knowledgeServerReasons,
  role: {
    chat: "对话",
    adapter: "适配器",
    embedding: "文档检索",
  },
} satisfies Translated<typeof source>;
