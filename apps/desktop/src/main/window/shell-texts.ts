/** The few words that main shows itself: menus and the dialogs of a shell that has no page to show them on. */
export interface ShellTexts {
  readonly file: string;
  readonly edit: string;
  readonly view: string;
  readonly window: string;
  readonly newWindow: string;
  readonly open: string;
  readonly cancel: string;
  readonly retry: string;
  readonly reload: string;
  readonly quit: string;
  readonly wait: string;
  readonly openPlainLink: string;
  readonly pageCrashed: string;
  readonly pageHangs: string;
  readonly backendGaveUp: string;
  readonly backendGaveUpDetail: string;
  readonly cannotStart: string;
  /** Why it cannot start, by error code. `{path}` and `{address}` are filled from the error's data. */
  readonly causes: Readonly<Record<string, string>>;
  readonly otherCause: string;
}

const english: ShellTexts = {
  file: "File",
  edit: "Edit",
  view: "View",
  window: "Window",
  newWindow: "New Window",
  open: "Open",
  cancel: "Cancel",
  retry: "Try Again",
  reload: "Reload",
  quit: "Quit",
  wait: "Wait",
  openPlainLink: "Open this address in your browser? It is unencrypted or its name uses unusual letters.",
  pageCrashed: "The window has crashed several times. Chats and running answers are kept.",
  pageHangs: "The window does not respond. Chats and running answers are kept.",
  backendGaveUp: "Deskside's background process ended three times in a row.",
  backendGaveUpDetail: "Everything that was saved is kept. The log in the data folder says more.",
  cannotStart: "Deskside cannot start.",
  causes: {
    ALREADY_RUNNING:
      "Another Deskside process is using this data folder: {path}\nClose it, or work with it at {address}.",
    DATA_DIR_UNUSABLE: "The data folder cannot be used: {path}\nCheck that it is a folder that you may write to.",
    DATABASE_UNREADABLE:
      "The database cannot be read: {path}\nNothing was changed. Restore a backup or move the file away.",
    DISK_FULL: "The disk is full: {path}\nFree some space and try again.",
    KEY_UNAVAILABLE:
      "The key to your data cannot be read: {path}\nUnlock your system's password store and try again. Nothing was changed.",
  },
  otherCause: "The reason is in the log in the data folder. Error code: {code}",
};

const chinese: ShellTexts = {
  file: "文件",
  edit: "编辑",
  view: "视图",
  window: "窗口",
  newWindow: "新建窗口",
  open: "打开",
  cancel: "取消",
  retry: "重试",
  reload: "重新加载",
  quit: "退出",
  wait: "等待",
  openPlainLink: "要在浏览器中打开这个地址吗？该地址未加密，或名称中含有不常见的字符。",
  pageCrashed: "窗口多次崩溃。对话和正在生成的回答均已保留。",
  pageHangs: "窗口没有响应。对话和正在生成的回答均已保留。",
  backendGaveUp: "Deskside 的后台进程连续三次意外结束。",
  backendGaveUpDetail: "已保存的内容都还在。详情请查看数据文件夹中的日志。",
  cannotStart: "Deskside 无法启动。",
  causes: {
    ALREADY_RUNNING: "另一个 Deskside 进程正在使用此数据文件夹：{path}\n请先关闭它，或通过 {address} 使用它。",
    DATA_DIR_UNUSABLE: "无法使用数据文件夹：{path}\n请确认它是一个您有写入权限的文件夹。",
    DATABASE_UNREADABLE: "无法读取数据库：{path}\n没有做任何更改。请恢复备份，或将该文件移走。",
    DISK_FULL: "磁盘已满：{path}\n请释放一些空间后重试。",
    KEY_UNAVAILABLE: "无法读取数据密钥：{path}\n请解锁系统的密码存储后重试。没有做任何更改。",
  },
  otherCause: "原因已写入数据文件夹中的日志。错误代码：{code}",
};

/** @param locale the app's locale, as in `app.getLocale()` */
export function shellTexts(locale: string): ShellTexts {
  return locale.toLowerCase().startsWith("zh") ? chinese : english;
}

/** The cause of a failed start in the user's language. */
export function describeCause(
  texts: ShellTexts,
  error: { code: string; data: Readonly<Record<string, unknown>> },
): string {
  const value = (...names: string[]) => {
    const found = names.map((name) => error.data[name]).find((candidate) => typeof candidate === "string");
    return typeof found === "string" ? found : "–";
  };
  return (texts.causes[error.code] ?? texts.otherCause)
    .replace("{path}", value("path", "dataDir"))
    .replace("{address}", value("address"))
    .replace("{code}", error.code);
}
