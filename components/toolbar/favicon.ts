"use client";

import { useEffect } from "react";
import { useStatus } from "../state/queries";
import { standing } from "../state/vocabulary";
import type { StatusDocument } from "../state/wire";

/** How the run stands, as the tab's icon tells it. */
export type Face = "human" | "failed" | "running" | "done" | "idle";

/** What is most worth knowing without opening the tab. */
export function faceOf(status: StatusDocument): Face {
  const tones = new Set([...status.steps, ...status.gates].map((node) => standing(node).tone));
  if (tones.has("human")) return "human";
  if (tones.has("failed") || tones.has("rejected")) return "failed";
  if (tones.has("running") || tones.has("stopping") || tones.has("retrying")) return "running";
  return status.steps.length > 0 && status.steps.every(({ status: at }) => at === "DONE") ? "done" : "idle";
}

/** A colour and a shape each, since many can't tell the colours. */
const marks: Record<Face, string> = {
  human: `<path d="M22.5 13.5 30 21l-7.5 7.5L15 21z" fill="#b493ff"/>`,
  failed: `<path d="m18 16.5 9 9m0-9-9 9" stroke="#ff7b75" stroke-width="3.6" stroke-linecap="round"/>`,
  running: `<path d="M18.5 14.5v13l10-6.5z" fill="#6ba6ff"/>`,
  done: `<path d="m16.5 21.5 4.2 4.2 7.8-8.6" stroke="#4cc97a" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/>`,
  idle: `<circle cx="22.5" cy="21" r="3.2" fill="#fff"/>`,
};

/** The icon as an address. */
export function iconOf(face: Face): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none"><rect width="32" height="32" rx="7" fill="#12161c"/><path d="M9 9h4c6.5 0-.5 12 6 12" stroke="#fff" stroke-width="2.2" stroke-linecap="round"/><circle cx="9" cy="9" r="3.2" fill="#fff"/>${marks[face]}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Keeps the tab's icon equal to the state of the run. */
export function useFavicon(): void {
  const face = useStatus(faceOf);
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (link && face) link.href = iconOf(face);
  }, [face]);
}
