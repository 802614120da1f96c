import { scrubbed } from "../audit/scrub";
import type { Json } from "../json";

/** Whether a value, or the name of one in it, holds what only stands for a secret that is not shown. */
export function holdsMask(value: unknown): boolean {
  return (JSON.stringify(value) ?? "").includes(scrubbed);
}

/** Where a value holds a `•••` that another one does not hold at the same place; steps and gates are known by their ids. */
export function newMask(value: Json, base: Json | undefined, path = ""): string | undefined {
  if (typeof value === "string") return value.includes(scrubbed) && value !== base ? path : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) {
    const held = Array.isArray(base) ? base : [];
    for (const [index, item] of value.entries()) {
      const id = idOf(item);
      const same = id === undefined ? held.find((one) => one === item) : held.find((one) => idOf(one) === id);
      const found = newMask(item, same ?? held[index], below(path, id ?? String(index)));
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const held = typeof base === "object" && base !== null && !Array.isArray(base) ? base : {};
  for (const [key, item] of Object.entries(value)) {
    const at = below(path, key);
    const isKept = Object.hasOwn(held, key);
    if (key.includes(scrubbed) && !isKept) return at;
    const found = newMask(item, isKept ? held[key] : undefined, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

const below = (path: string, key: string) => (path === "" ? key : `${path}.${key}`);

function idOf(item: Json | undefined): string | undefined {
  const isMap = typeof item === "object" && item !== null && !Array.isArray(item);
  return isMap && typeof item.id === "string" ? item.id : undefined;
}

/** Number of the first line that holds a `•••` and that another text does not hold, or not as often; lines count from 1. */
export function newMaskedLine(text: string, base: string): number | undefined {
  const left = new Map<string, number>();
  for (const line of maskedLines(base)) left.set(line.text, (left.get(line.text) ?? 0) + 1);
  for (const line of maskedLines(text)) {
    const times = left.get(line.text) ?? 0;
    if (times === 0) return line.number;
    left.set(line.text, times - 1);
  }
  return undefined;
}

/** How far a line is indented says nothing of what it holds. */
function maskedLines(text: string): { text: string; number: number }[] {
  const lines = text.split("\n").map((line, index) => ({ text: line.trim(), number: index + 1 }));
  return lines.filter((line) => line.text.includes(scrubbed));
}
