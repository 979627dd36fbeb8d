import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** Nearer to the end than this, in pixels, counts as at the end. */
const nearEnd = 32;

export interface FollowEnd {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** False after the reader has scrolled up. */
  following: boolean;
  toEnd: () => void;
}

/**
 * Keeps the end of a growing thread in view until the reader scrolls up, and again once they are back at the end.
 * @param key starts at the end again when it changes: another chat, or a new turn of one's own
 */
export function useFollowEnd(key: string): FollowEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follow = useRef(true);
  const lastTop = useRef(0);
  /** Where this hook has put the scroller last. */
  const ownTop = useRef(-1);
  const [following, setFollowing] = useState(true);

  const change = useCallback((next: boolean) => {
    follow.current = next;
    setFollowing(next);
  }, []);
  const pin = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    ownTop.current = element.scrollTop;
  }, []);
  const toEnd = useCallback(() => {
    pin();
    change(true);
  }, [change, pin]);

  useLayoutEffect(toEnd, [key, toEnd]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onScroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = element;
      // The event comes a frame late: by now the text may have grown, and that is no reader scrolling up.
      if (Math.abs(scrollTop - ownTop.current) <= 1) {
        lastTop.current = scrollTop;
        return;
      }
      const distance = scrollHeight - scrollTop - clientHeight;
      if (distance <= nearEnd) change(true);
      else if (scrollTop < lastTop.current - 1) change(false);
      lastTop.current = scrollTop;
    };
    // The wheel speaks before the scroll does: without this, a fast answer pulls the reader back.
    const onWheel = (event: WheelEvent) => {
      if (event.deltaY < 0 && element.scrollTop > 0) change(false);
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    element.addEventListener("wheel", onWheel, { passive: true });
    const observer = new ResizeObserver(() => {
      if (follow.current) pin();
    });
    observer.observe(element);
    if (content.current) observer.observe(content.current);
    return () => {
      element.removeEventListener("scroll", onScroll);
      element.removeEventListener("wheel", onWheel);
      observer.disconnect();
    };
  }, [key, change, pin]);

  return { scroller, content, following, toEnd };
}
