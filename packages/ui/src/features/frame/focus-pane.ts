const order = ["list", "content", "inspector", "strip", "top", "rail"] as const;

/** Moves the focus to the next (1) or previous (-1) pane that is there, the machine strip included. */
export function focusNeighbourPane(direction: 1 | -1, root: ParentNode = document): void {
  const panes = order.flatMap((name) => root.querySelector<HTMLElement>(`[data-pane="${name}"]`) ?? []);
  if (panes.length === 0) return;
  const active = document.activeElement;
  const at = panes.findIndex((pane) => pane.contains(active));
  const start = at === -1 ? (direction === 1 ? -1 : 0) : at;
  const next = panes[(start + direction + panes.length) % panes.length];
  if (next) focusInside(next);
}

/** The control that was last used there would be better still; the first one is where reading begins. */
export function focusInside(pane: HTMLElement): void {
  const target = pane.querySelector<HTMLElement>(
    '[aria-current="page"], input:not([disabled]), textarea:not([disabled]), button:not([disabled]), a[href]',
  );
  (target ?? pane).focus();
}
