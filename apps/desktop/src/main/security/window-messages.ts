import { type IpcMainEvent, ipcMain } from "electron";
import { z } from "zod";
import { type WindowChannel, windowChannels } from "../../messages/window-channels.ts";
import { isAppPage } from "./session-rules.ts";

/** What each channel carries. A channel that is not here has no listener. */
const argumentsOf = {
  [windowChannels.requestPort]: z.tuple([]),
  [windowChannels.openExternal]: z.tuple([z.string().max(4096)]),
  [windowChannels.windowControl]: z.tuple([z.enum(["minimize", "maximize", "close"])]),
} as const satisfies Record<WindowChannel, z.ZodType>;

const refusalsLogged = 20;

type ArgumentsOf<C extends WindowChannel> = z.infer<(typeof argumentsOf)[C]>;

export type WindowMessageHandlers = {
  readonly [C in WindowChannel]: (event: IpcMainEvent, ...values: ArgumentsOf<C>) => void;
};

/**
 * Listens to the fixed list of channels. A message counts when it comes from the main frame of one of our windows,
 * which shows our page, and has exactly the declared shape; all others have no effect but a line in the log.
 */
export function listenToWindows(
  handlers: WindowMessageHandlers,
  options: { isOurs: (webContentsId: number) => boolean; log: (line: string) => void },
): Disposable {
  const stop: (() => void)[] = [];
  let refused = 0;
  // A page that went mad must not fill the disk.
  const refuse = (line: string) => void (++refused <= refusalsLogged && options.log(line));
  const listen = <C extends WindowChannel>(channel: C) => {
    const listener = (event: IpcMainEvent, ...values: unknown[]) => {
      if (!options.isOurs(event.sender.id) || !fromOurPage(event)) return refuse(`${channel}: foreign sender`);
      const parsed = argumentsOf[channel].safeParse(values);
      if (!parsed.success) return refuse(`${channel}: malformed`);
      handlers[channel](event, ...(parsed.data as ArgumentsOf<C>));
    };
    ipcMain.on(channel, listener);
    stop.push(() => ipcMain.off(channel, listener));
  };
  for (const channel of Object.values(windowChannels)) listen(channel);
  return { [Symbol.dispose]: () => stop.forEach((off) => off()) };
}

function fromOurPage(event: IpcMainEvent): boolean {
  // Null when the frame has navigated or is gone since.
  const frame = event.senderFrame;
  if (!frame || frame.parent !== null) return false;
  return isAppPage(frame.url);
}
