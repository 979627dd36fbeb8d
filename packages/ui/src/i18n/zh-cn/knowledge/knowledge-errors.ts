import type { Translated } from "../../catalogue-shape.ts";
import type {
  knowledgeErrors as source,
  knowledgeServerReasons as sourceReasons,
} from "../../en/knowledge/knowledge-errors.ts";

export const knowledgeErrors = {
  COLLECTION_NOT_FOUND: {
    title: "该资料库不存在",
    body: "“{{collection}}”已被删除，或名称写法不同。没有文档被改动。",
  },
  COLLECTION_NAME_TAKEN: { title: "已有同名资料库", body: "“{{name}}”已存在，请换一个名称。" },
  DOCUMENT_NOT_FOUND: {
    title: "该文档已不在资料库中",
    body: "它已被移除。引用它的回答会保留所引用的段落。",
  },
  DOCUMENT_MOVED: {
    title: "原文件已移动",
    body: "“{{document}}”已不在 {{path}}。已读取的内容仍保留并可检索。请重新定位文件以查看页面。",
  },
  DOCUMENT_ELSEWHERE: {
    title: "原文件在另一台电脑上",
    body: "“{{document}}”由另一台电脑加入此资料库，只有那台电脑能重新读取。已读取的内容在这里，可以搜索。本机若也有该文件，可以指定其位置。",
  },
  DOCUMENT_PATH_UNREADABLE: {
    title: "无法读取",
    body: "无法打开 {{path}}：{{detail}}。没有从中添加任何内容。请确认它存在且你有权读取。",
  },
  UPLOAD_NOT_FOUND: { title: "文件传输被中断", body: "期间 Deskside 重新启动过。请重新添加该文件，其他内容没有丢失。" },
  UPLOAD_INCOMPLETE: {
    title: "文件没有完整送达",
    body: "“{{name}}”只收到 {{expected}} 中的 {{received}}，没有保留任何部分。请重新添加。",
  },
  EMBEDDING_UNAVAILABLE: {
    title: "无法按语义检索",
    body: "嵌入模型 {{model}} 无法使用：{{detail}}。仍可按词语检索，但换一种说法或另一种语言时找不到。",
  },
  NOTHING_TO_SEARCH: {
    title: "还没有读取任何内容",
    body: "所选文档中没有可检索的文字：{{waiting}} 个等待中，{{failed}} 个失败。你的问题已保留。请等待文件就绪，或选择其他文档。",
  },
  KNOWLEDGE_SERVER_NOT_SET: {
    title: "尚未设置团队数据库",
    body: "没有任何改动。请在设置的“模型库”中填写地址，或使用 deskside docs server set。",
  },
  KNOWLEDGE_SERVER_UNAVAILABLE: {
    title: "团队数据库没有响应",
    body: "无法连接 {{host}}：{{detail}}。本机的资料库不受影响：只选择它们即可继续。请重试，或在设置中检查地址。",
  },
  KNOWLEDGE_SERVER_UNFIT: {
    title: "无法使用团队数据库",
    body: "{{host}}：{{reason}}。那里没有任何改动。请联系管理员。",
  },
} satisfies Translated<typeof source>;

export const knowledgeServerReasons = {
  "no-pgvector": "未安装 pgvector 扩展（需要 0.8 或更高版本）",
  "newer-schema": "由更新版本的 Deskside 建立",
  "plain-text": "该地址要求可被他人读取的连接；请去掉 sslmode，或写 sslmode=verify-full",
  "no-certificates": "无法在本机读取 sslrootcert 指定的证书文件",
  "no-tls": "没有提供带有效证书的加密连接",
  "no-rights": "该账户无权创建表",
} satisfies Translated<typeof sourceReasons>;
