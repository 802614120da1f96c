"use client";

import { create } from "zustand";
import type { Question } from "./call";

/** A short message that goes away by itself. */
interface Toast {
  key: number;
  /** Done, done with something lost by it, refused, or nothing that had to be done. */
  tone: "done" | "retrying" | "failed" | "skipped";
  text: string;
  hint?: string | undefined;
  /** Id of a node that it leads to. */
  node?: string | undefined;
}

/** A question to the person, with who waits for the answer. */
export interface Asked extends Question {
  answer(agreed: boolean): void;
}

interface News {
  toasts: Toast[];
  asked: Asked | null;
}

/** What the page has to say to the person, and to ask. */
export const useNews = create<News>(() => ({ toasts: [], asked: null }));

/** How long a message is shown by itself. */
export const shownMs = { done: 5_000, skipped: 5_000, retrying: 12_000, failed: 12_000 };
const most = 4;
let count = 0;
const ends = new Map<number, ReturnType<typeof setTimeout>>();

/** Shows a message; the same text is not shown twice at a time. */
export function tell(tone: Toast["tone"], text: string, hint?: string, node?: string): void {
  const key = ++count;
  useNews.setState(({ toasts }) => ({
    toasts: [...toasts.filter((toast) => toast.text !== text), { key, tone, text, hint, node }].slice(-most),
  }));
  letGo({ key, tone });
}

/** Keeps a message for as long as somebody is at it. */
export function hold({ key }: Pick<Toast, "key">): void {
  clearTimeout(ends.get(key));
}

/** Lets a message go away by itself. */
export function letGo({ key, tone }: Pick<Toast, "key" | "tone">): void {
  hold({ key });
  ends.set(
    key,
    setTimeout(() => dismiss(key), shownMs[tone]),
  );
}

/** Takes away the newest message; whether there was one. */
export function dismissNewest(): boolean {
  const newest = useNews.getState().toasts.at(-1);
  if (newest) dismiss(newest.key);
  return newest !== undefined;
}

/** Takes a message away. */
export function dismiss(key: number): void {
  hold({ key });
  ends.delete(key);
  useNews.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.key !== key) }));
}

/** Puts a question before the person; another one that still waits counts as answered with no. */
export function ask(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    useNews.getState().asked?.answer(false);
    const answer = (agreed: boolean) => {
      useNews.setState({ asked: null });
      resolve(agreed);
    };
    useNews.setState({ asked: { ...question, answer } });
  });
}

/** Takes a message away that is not true any more. */
export function untell(text: string): void {
  useNews.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.text !== text) }));
}
