"use client";

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { restingPlace } from "./resting";
import type { Turn } from "./turns";

/** How near to a place a conversation still counts as being there. */
const nearPx = 32;

/** `newest` keeps the newest answer in sight from where it is to be read, `end` the very end, `no` leaves all as it is. */
type Following = "newest" | "end" | "no";

/** Scrolls a conversation as it grows. */
export function useFollowing(box: RefObject<HTMLDivElement | null>, turns: Turn[], sent: string | null) {
  const content = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState<Following>("newest");
  /** Where it was put last: to come to be there is nobody's wish. */
  const put = useRef(-1);
  const follow = useRef(() => {});
  follow.current = () => {
    const element = box.current;
    if (!element || following === "no") return;
    element.scrollTop = following === "end" || sent !== null ? element.scrollHeight : placeIn(element);
    put.current = element.scrollTop;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what makes the end move
  useLayoutEffect(() => follow.current(), [turns, sent, following]);
  useEffect(() => {
    if (following === "no" || !box.current || !content.current) return;
    // What is already there grows, too: a card that is tried anew, a window that is made smaller.
    const observer = new ResizeObserver(() => follow.current());
    observer.observe(box.current);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, [following, box]);
  useEffect(() => {
    if (sent !== null) setFollowing("newest");
  }, [sent]);
  const onScroll = () => {
    const element = box.current;
    if (!element || Math.abs(element.scrollTop - put.current) < 2) return;
    const isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - nearPx;
    const isAtPlace = Math.abs(element.scrollTop - placeIn(element)) <= nearPx;
    setFollowing(isAtPlace ? "newest" : isAtEnd ? "end" : "no");
  };
  return { content, following, setFollowing, onScroll };
}

function placeIn(element: HTMLElement): number {
  const from = element.getBoundingClientRect().top - element.scrollTop;
  const topOf = (found: Element | null | undefined) => found && found.getBoundingClientRect().top - from;
  const turn = [...element.querySelectorAll(".chat-turn")].at(-1);
  return restingPlace({
    end: element.scrollHeight - element.clientHeight,
    height: element.clientHeight,
    turn: topOf(turn) ?? undefined,
    card: topOf(turn?.querySelector(".chat-card")) ?? undefined,
  });
}
