// What is checked without running anything: each a program for Bun, by what it is called.
import { join } from "node:path";
import { root } from "./process.mjs";

const tool = (path) => join(root, "node_modules", ...path.split("/"));

export const biome = [tool("@biomejs/biome/bin/biome"), "check", "--error-on-warnings"];

export const staticChecks = {
  "format and lint": [...biome, "."],
  types: [tool("typescript/bin/tsc"), "--noEmit"],
};
