import { expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { dependencies, devDependencies } from "../../package.json";

const root = join(import.meta.dir, "../..");

test("the workbench's libraries are those that were chosen, and each of them is used", () => {
  const sources = [...new Glob("components/**/*.{ts,tsx}").scanSync(root)];
  const text = sources.map((path) => fs.readFileSync(join(root, path), "utf8")).join("\n");
  const all: Record<string, string> = { ...dependencies, ...devDependencies };
  for (const [name, major] of Object.entries({
    "@xyflow/react": "12.",
    "@dagrejs/dagre": "",
    "react-resizable-panels": "",
    "@tanstack/react-query": "5.",
    zustand: "5.",
  })) {
    expect(all[name]).toStartWith(major);
    expect(text).toContain(`from "${name}"`);
  }
});
