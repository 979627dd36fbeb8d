import type { ReactNode } from "react";
import { Icon, type IconName } from "../../primitives/index.ts";

/** A view that has nothing to show: why, and what can be done. */
export function EmptyView(props: { icon: IconName; title: string; body: string; children?: ReactNode }) {
  const { icon, title, body, children } = props;
  return (
    <div className="empty">
      <span className="ink3">
        <Icon name={icon} size={24} />
      </span>
      <div className="med">{title}</div>
      <p className="ink3">{body}</p>
      {children !== undefined && <div className="row g8">{children}</div>}
    </div>
  );
}
