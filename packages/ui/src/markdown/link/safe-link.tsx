import { type ReactNode, useContext, useState } from "react";
import { useText } from "../../i18n/use-text.ts";
import { Button, Popover } from "../../primitives/index.ts";
import { CopyButton } from "../code/code-block.tsx";
import { useCopy } from "../copy-text.ts";
import { pendingLink } from "../split/repair-tail.ts";
import { OpenAddressContext } from "./open-address.ts";
import { safeAddress } from "./safe-address.ts";

/** A link never navigates by itself: it shows where it leads and asks. Other schemes are text. */
export function SafeLink({ href, children }: { href: string; children: ReactNode }) {
  const address = safeAddress(href);
  if (href === pendingLink) return <span className="md-link">{children}</span>;
  if (address === null) return <DeadLink address={href}>{children}</DeadLink>;
  return <AskingLink address={address}>{children}</AskingLink>;
}

function DeadLink({ address, children }: { address: string; children: ReactNode }) {
  return (
    <>
      {children}
      {address !== "" && <span className="ink3"> ({address})</span>}
    </>
  );
}

function AskingLink({ address, children }: { address: string; children: ReactNode }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const { state, copy } = useCopy();
  const openAddress = useContext(OpenAddressContext);
  const go = () => {
    setOpen(false);
    openAddress(address);
  };
  return (
    <Popover
      trigger={
        <button type="button" className="md-link">
          {children}
        </button>
      }
      label={t("chat.markdown.linkTitle")}
      width={360}
      open={open}
      onOpenChange={setOpen}
      className="md-address"
    >
      <div className="med">{t("chat.markdown.linkTitle")}</div>
      <div className="mono address">{address}</div>
      <div className="row g8">
        <Button size="sm" icon="external" onClick={go}>
          {t("chat.markdown.openLink")}
        </Button>
        <CopyButton state={state} label={t("chat.markdown.copyLink")} onCopy={() => copy(address)} />
      </div>
    </Popover>
  );
}
