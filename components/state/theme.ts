"use client";

import { create } from "zustand";
import { attribute, storageKey } from "./theme-script";

/** The colours: those that the system wants, or always the same. */
export type Theme = "system" | "light" | "dark";

const inBrowser = typeof window !== "undefined";

const themeFrom = (text: string | null): Theme => (text === "light" || text === "dark" ? text : "system");

/** The choice, which this browser remembers. */
export const useTheme = create<{ theme: Theme }>(() => ({
  theme: inBrowser ? themeFrom(document.documentElement.getAttribute(attribute)) : "system",
}));

/** Chooses the colours, for all tabs of this browser. */
export function setTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, theme);
  show(theme);
}

function show(theme: Theme): void {
  if (theme === "system") document.documentElement.removeAttribute(attribute);
  else document.documentElement.setAttribute(attribute, theme);
  useTheme.setState({ theme });
}

if (inBrowser)
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === storageKey) show(themeFrom(newValue));
  });

/** Tells when the colours have become others, for what is drawn by hand; gives what ends it. */
export function onColours(change: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", change);
  const stop = useTheme.subscribe(change);
  return () => {
    system.removeEventListener("change", change);
    stop();
  };
}
