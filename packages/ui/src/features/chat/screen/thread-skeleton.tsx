import { useEffect, useState } from "react";
import { useText } from "../../../i18n/use-text.ts";

/** Shorter waits show nothing. */
const delayMs = 300;

export function ThreadSkeleton() {
  const { t } = useText();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), delayMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="scroll" role="status" aria-label={t("chat.thread.loading")}>
      {shown && (
        <div className="thread" aria-hidden="true">
          <div className="turn-user skeleton">
            <span className="skel" />
          </div>
          <div className="turn-ai">
            {["92%", "86%", "64%"].map((width) => (
              <span key={width} className="skel" style={{ width }} />
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
