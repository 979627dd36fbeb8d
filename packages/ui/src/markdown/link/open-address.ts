import { createContext } from "react";

/** Opens a checked address outside Deskside. The desktop shell takes `window.open` over and asks the system's browser. */
export const OpenAddressContext = createContext<(address: string) => void>((address) => {
  window.open(address, "_blank", "noopener,noreferrer");
});
