import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useFollowEnd } from "./use-follow-end.ts";

let resized: () => void = () => undefined;
class FakeResizeObserver {
  constructor(callback: () => void) {
    resized = callback;
  }
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal("ResizeObserver", FakeResizeObserver);

function Probe({ name }: { name: string }) {
  const { scroller, content, following, toEnd } = useFollowEnd(name);
  return (
    <>
      <div ref={scroller} data-testid="scroller">
        <div ref={content} />
      </div>
      <button type="button" onClick={toEnd}>
        {following ? "follows" : "reads"}
      </button>
    </>
  );
}

/** A scroller of 100 px over content of a given height, as a browser keeps it. */
function setUp() {
  const view = render(<Probe name="a" />);
  const element = screen.getByTestId("scroller");
  let height = 1_000;
  let top = 0;
  Object.defineProperties(element, {
    clientHeight: { value: 100 },
    scrollHeight: { get: () => height },
    scrollTop: {
      get: () => top,
      set: (next: number) => {
        top = Math.max(0, Math.min(next, height - 100));
      },
    },
  });
  const shrink = (next: number) => {
    height = next;
    top = Math.min(top, height - 100);
  };
  const resize = (next: number) => {
    shrink(next);
    act(() => resized());
  };
  const scrollTo = (next: number) => {
    element.scrollTop = next;
    fireEvent.scroll(element);
  };
  resize(1_000);
  fireEvent.scroll(element);
  rest();
  return { view, element, shrink, resize, scrollTo, state: () => screen.getByRole("button").textContent };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});
/** Sizes rest long enough. */
const rest = () => vi.advanceTimersByTime(1_000);

describe("useFollowEnd", () => {
  it("stays at the end while the text grows", () => {
    const { element, resize } = setUp();
    resize(1_500);
    expect(element.scrollTop).toBe(1_400);
  });

  it("lets go when the reader scrolls up, does not pull back, and takes hold at the end again", () => {
    const { element, resize, scrollTo, state } = setUp();
    fireEvent.wheel(element, { deltaY: -300 });
    scrollTo(890);
    scrollTo(600);
    expect(state()).toBe("reads");
    resize(1_500);
    expect(element.scrollTop).toBe(600);
    scrollTo(1_390);
    expect(state()).toBe("follows");
    resize(2_000);
    expect(element.scrollTop).toBe(1_900);
  });

  it("does not take text that folds and grows for a reader who scrolls up", () => {
    const { element, resize, state } = setUp();
    resize(1_500);
    resize(1_200);
    fireEvent.scroll(element);
    expect(state()).toBe("follows");
    expect(element.scrollTop).toBe(1_100);
  });

  it("keeps hold when the text became shorter before anybody could tell", () => {
    const { element, shrink, resize, state } = setUp();
    shrink(950);
    fireEvent.scroll(element);
    expect(state()).toBe("follows");
    resize(1_200);
    expect(element.scrollTop).toBe(1_100);
  });

  it("does not take a view that was moved by several changes of size at once for a reader", () => {
    const { element, shrink, state } = setUp();
    shrink(900);
    shrink(1_100);
    fireEvent.scroll(element);
    expect(state()).toBe("follows");
    expect(element.scrollTop).toBe(1_000);
  });

  it("lets go of a reader who comes up by other means than a wheel: keys, scroll bar, find in page", () => {
    const { element, resize, scrollTo, state } = setUp();
    scrollTo(300);
    expect(state()).toBe("reads");
    resize(1_500);
    expect(element.scrollTop).toBe(300);
  });

  it("returns to the end on demand and with another key", () => {
    const { view, element, scrollTo, state } = setUp();
    fireEvent.wheel(element, { deltaY: -300 });
    scrollTo(100);
    fireEvent.click(screen.getByRole("button"));
    expect([element.scrollTop, state()]).toEqual([900, "follows"]);
    fireEvent.wheel(element, { deltaY: -300 });
    scrollTo(100);
    view.rerender(<Probe name="b" />);
    expect([element.scrollTop, state()]).toEqual([900, "follows"]);
  });
});
