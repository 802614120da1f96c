import { join } from "node:path";
import { emptyLayout, readLayout } from "../../core/layout";
import type { LayoutStore } from "../../runtime/ports";
import { readIfThere, writeAtomic } from "./atomic";

const maxBytes = 2 * 1024 * 1024;

/** `<folder>/layout.json`. */
export function layoutFile(folder: string): LayoutStore {
  const path = join(folder, "layout.json");
  return {
    load: () => {
      const read = readIfThere(path, maxBytes);
      if (!read || "problem" in read) return emptyLayout;
      try {
        return readLayout(JSON.parse(read.bytes.toString("utf8")));
      } catch {
        return emptyLayout;
      }
    },
    write: (layout) => writeAtomic(path, `${JSON.stringify(layout, null, 2)}\n`),
  };
}
