"use client";

import { useRef } from "react";
import type { CanvasNode, ThreadEdge } from "./elements";

/** The same list with every element that says what it said before being the very same object: React Flow draws only others anew. */
function useKept<T extends { id: string }>(next: T[], isSame: (a: T, b: T) => boolean): T[] {
  const before = useRef<{ given: T[]; kept: T[]; byId: Map<string, T> }>(undefined);
  if (before.current?.given === next) return before.current.kept;
  const known = before.current?.byId;
  const kept = next.map((element) => {
    const old = known?.get(element.id);
    return old && isSame(old, element) ? old : element;
  });
  before.current = { given: next, kept, byId: new Map(kept.map((element) => [element.id, element])) };
  return kept;
}

/** Boxes, as far as they are what they were. */
export const useKeptNodes = (nodes: CanvasNode[]) => useKept(nodes, isSameNode);

/** Arrows, as far as they are what they were. */
export const useKeptThreads = (threads: ThreadEdge[]) => useKept(threads, isSameThread);

function isSameNode(a: CanvasNode, b: CanvasNode): boolean {
  return (
    a.position.x === b.position.x &&
    a.position.y === b.position.y &&
    a.width === b.width &&
    a.height === b.height &&
    a.type === b.type &&
    a.ariaLabel === b.ariaLabel &&
    a.handles?.[0]?.position === b.handles?.[0]?.position &&
    isSameData(a.data, b.data)
  );
}

function isSameThread(a: ThreadEdge, b: ThreadEdge): boolean {
  return a.source === b.source && a.target === b.target && a.type === b.type && isSameData(a.data, b.data);
}

/** The same keys with the same values; of lists, the same items. */
function isSameData(a: object = {}, b: object = {}): boolean {
  const [left, right] = [Object.entries(a), b as Record<string, unknown>];
  return (
    left.length === Object.keys(b).length && left.every(([key, value]) => isSameValue(value, right[key]))
  );
}

function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return (
    Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => item === b[at])
  );
}
