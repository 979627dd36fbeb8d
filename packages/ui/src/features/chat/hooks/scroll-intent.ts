/** So long after a hand moved, in milliseconds, scrolling is its doing: wheels and touch screens coast. */
const recentMs = 400;

const scrollKeys = new Set(["ArrowUp", "PageUp", "Home", " ", "Tab"]);

export interface ScrollIntent extends Disposable {
  /** Whether somebody has just scrolled by wheel, touch, scroll bar or key. */
  isRecent(): boolean;
}

export function watchScrollIntent(element: HTMLElement): ScrollIntent {
  let at = Number.NEGATIVE_INFINITY;
  let held = false;
  const controller = new AbortController();
  const { signal } = controller;
  const mark = () => {
    at = performance.now();
  };
  // A press on the scroller itself, not on anything in it, is on its scroll bar.
  const press = (event: PointerEvent) => {
    held = event.target === element;
  };
  const release = () => {
    if (held) mark();
    held = false;
  };
  const onKey = ({ key, target }: KeyboardEvent) => {
    const typing = target instanceof HTMLElement && target.closest("textarea,input") !== null;
    if (scrollKeys.has(key) && !typing) mark();
  };
  element.addEventListener("wheel", mark, { passive: true, signal });
  element.addEventListener("touchmove", mark, { passive: true, signal });
  element.addEventListener("pointerdown", press, { signal });
  window.addEventListener("pointerup", release, { signal });
  window.addEventListener("keydown", onKey, { signal });
  return {
    isRecent: () => held || performance.now() - at < recentMs,
    [Symbol.dispose]: () => controller.abort(),
  };
}
