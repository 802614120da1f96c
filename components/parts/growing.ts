"use client";

import { type RefCallback, useCallback, useState } from "react";

const pageRows = 200;

/** A long list's beginning, and more of it whenever its end, which gets the `ref`, comes near; undefined once all is there. */
export function useGrowing<T>(items: T[]): { shown: T[]; end: RefCallback<Element> | undefined } {
  const [count, setCount] = useState(pageRows);
  const end = useCallback((element: Element | null) => {
    if (!element) return;
    const watch = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) setCount((before) => before + pageRows);
      },
      { rootMargin: "400px" },
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const isAll = items.length <= count;
  return { shown: isAll ? items : items.slice(0, count), end: isAll ? undefined : end };
}
