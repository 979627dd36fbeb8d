import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { watchScrollIntent } from "./scroll-intent.ts";

/** Nearer to the end than this, in pixels, counts as at the end. */
const nearEnd = 32;
/** So long after a change of size, in milliseconds, scrolling that no hand did is its echo. */
const echoMs = 200;

export interface FollowEnd {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** False after the reader has scrolled up. */
  following: boolean;
  toEnd: () => void;
  /** The view goes elsewhere on purpose. */
  leaveEnd: () => void;
  /** To be called by whoever else moves the scroller for reasons of layout: that is no reader either. */
  onLayoutScroll: () => void;
}

/**
 * Keeps the end of a growing thread in view until the reader scrolls up, and again once they are back at the end.
 * A scroll event alone does not say who did it: text that folds, a list that measures and a field that grows move the
 * view too. While sizes change only a hand counts; while they rest, every way up does, find in page as well.
 * @param key starts at the end again when it changes: another chat, or a new turn of one's own
 */
export function useFollowEnd(key: string): FollowEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follow = useRef(true);
  const ownTop = useRef(-1);
  const [following, setFollowing] = useState(true);

  const change = useCallback((next: boolean) => {
    follow.current = next;
    setFollowing(next);
  }, []);
  const settle = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    if (follow.current) element.scrollTop = element.scrollHeight;
    ownTop.current = element.scrollTop;
  }, []);
  const toEnd = useCallback(() => {
    change(true);
    settle();
  }, [change, settle]);

  const leaveEnd = useCallback(() => change(false), [change]);

  useLayoutEffect(toEnd, [key, toEnd]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    return watchScroller({ element, content: content.current, follow, ownTop, change, settle });
  }, [key, change, settle]);

  return { scroller, content, following, toEnd, leaveEnd, onLayoutScroll: settle };
}

/** Tells a reader's scrolling from the layout's, and keeps the end in view. What it returns stops it. */
function watchScroller(deps: {
  element: HTMLElement;
  content: HTMLElement | null;
  follow: { readonly current: boolean };
  ownTop: { readonly current: number };
  change: (next: boolean) => void;
  settle: () => void;
}): () => void {
  const { element, content, follow, ownTop, change, settle } = deps;
  let lastTop = element.scrollTop;
  let lastSize = "";
  let resizedAt = Number.NEGATIVE_INFINITY;
  const intent = watchScrollIntent(element);
  const noteSize = () => {
    const size = `${element.scrollHeight}/${element.clientHeight}`;
    if (size !== lastSize) resizedAt = performance.now();
    lastSize = size;
  };
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = element;
    const wentUp = scrollTop < lastTop - 1;
    lastTop = scrollTop;
    noteSize();
    // The event comes a frame late: by now the text may have grown, and that is no reader scrolling up.
    if (Math.abs(scrollTop - ownTop.current) <= 1) return;
    const distance = scrollHeight - scrollTop - clientHeight;
    // At the very end whatever the direction: the text became shorter and took the view along.
    if (distance <= 1 || (distance <= nearEnd && !wentUp)) change(true);
    else if (distance <= nearEnd || !wentUp) return;
    else if (intent.isRecent() || performance.now() - resizedAt > echoMs) change(false);
    else settle();
  };
  // The wheel speaks before the scroll does: without this, a fast answer pulls the reader back.
  const onWheel = (event: WheelEvent) => event.deltaY < 0 && element.scrollTop > 0 && change(false);
  element.addEventListener("scroll", onScroll, { passive: true });
  element.addEventListener("wheel", onWheel, { passive: true });
  const observer = new ResizeObserver(() => {
    noteSize();
    if (follow.current) settle();
  });
  observer.observe(element);
  if (content) observer.observe(content);
  return () => {
    element.removeEventListener("scroll", onScroll);
    element.removeEventListener("wheel", onWheel);
    observer.disconnect();
    intent[Symbol.dispose]();
  };
}
