/** Words for the errors of bundles and signed catalogues. */
export const bundleErrorWords = {
  BUNDLE_DAMAGED: {
    title: "这个离线包与制作时不同",
    body: "{{path}}：{{reason}}{{entry}}。没有采用其中任何内容。请重新复制，或重新制作。",
  },
  BUNDLE_SIGNATURE_INVALID: {
    title: "这个离线包的签名无效",
    body: "{{path}} 在制作之后被改动过。没有采用其中任何内容。请向制作者重新索取。",
  },
  BUNDLE_NEWER: {
    title: "这个离线包由更新的版本制作",
    body: "{{path}} 的格式为 {{version}}。没有采用任何内容。请先更新这台电脑上的 Deskside。",
  },
  BUNDLE_NOT_TRUSTED: {
    title: "还没有人确认这个离线包由谁制作",
    body: "它的指纹是 {{fingerprint}}。没有采用任何内容。请与发送方电脑显示的指纹对比后再确认（命令行：--trust 加指纹）。",
  },
  BUNDLE_EXISTS: {
    title: "已有同名文件",
    body: "{{path}} 没有改动，也没有写入任何内容。请换一个名称。",
  },
  BUNDLE_EMPTY: {
    title: "没有可以放进离线包的内容",
    body: "没有写入任何内容。请选择模型、设置，或从文件更新过的目录。",
  },
  BUNDLE_NO_SPACE: {
    title: "磁盘空间不够放这个离线包",
    body: "{{path}} 需要 {{needed}}，可用 {{free}}。没有保留任何内容。请先腾出空间。",
  },
  BUNDLE_UNWRITABLE: {
    title: "离线包无法写到那里",
    body: "{{path}}：{{detail}}。那里没有留下任何内容。请换一个文件夹。",
  },
  BUNDLE_JOB_NOT_FOUND: {
    title: "这个离线包已不在处理中",
    body: "它早已完成，或 Deskside 重新启动过（那样就没有保留任何内容）。请重新开始。",
  },
  CATALOGUE_SIGNATURE_INVALID: {
    title: "这个目录没有可信密钥的签名",
    body: "没有采用 {{path}}。继续使用现有目录。请从 Deskside 的发布处获取文件。",
  },
  CATALOGUE_OLDER: {
    title: "这个目录比正在使用的旧",
    body: "{{path}} 的日期是 {{date}}，正在使用的是 {{currentDate}}。继续使用现有目录。",
  },
  CATALOGUE_DAMAGED: {
    title: "这个目录无法读取",
    body: "{{path}}：{{detail}}。继续使用现有目录。请重新获取文件。",
  },
} as const;

/** Parts of the sentences above. */
export const bundleErrorParts = {
  damage: {
    "not-a-bundle": "它不是离线包",
    "cut-off": "它提前结束了",
    "extra-entry": "其中有清单没有列出的内容",
    "duplicate-entry": "其中有重复的名称",
    "unsafe-path": "其中有会离开其文件夹的名称",
    "not-a-file": "其中有不是普通文件的内容，例如链接",
    "too-large": "有一部分大得不合理",
    "manifest-invalid": "它的清单不成立",
    "header-changed": "某一部分的头部被改动过",
    "content-changed": "有一部分的 SHA-256 与清单不符",
    "padding-changed": "各部分之间的字节被改动过",
  },
  entry: "（{{entry}}）",
} as const;
