// Reads an lcov file and prints the line coverage of lib/ as JSON; a file that no test loads counts with all its lines.
import { Glob } from "bun";

const covered = new Map<string, { found: number; hit: number }>();
let file = "";
for (const line of (await Bun.file(process.argv[2] ?? "").text()).split("\n")) {
  if (line.startsWith("SF:")) file = line.slice(3).replaceAll("\\", "/");
  const [, key, value] = line.match(/^(LF|LH):(\d+)$/) ?? [];
  if (!key || !file.startsWith("lib/")) continue;
  const entry = covered.get(file) ?? { found: 0, hit: 0 };
  entry[key === "LF" ? "found" : "hit"] += Number(value);
  covered.set(file, entry);
}

const transpiler = new Bun.Transpiler({ loader: "tsx" });
const unloaded: string[] = [];
for await (const path of new Glob("lib/**/*.{ts,tsx}").scan()) {
  if (covered.has(path)) continue;
  // Types leave nothing to run.
  const code = transpiler
    .transformSync(await Bun.file(path).text())
    .split("\n")
    .filter((line) => line.trim());
  if (code.length === 0) continue;
  covered.set(path, { found: code.length, hit: 0 });
  unloaded.push(path);
}

const files = [...covered].map(([path, { found, hit }]) => ({ path, found, hit }));
const found = files.reduce((sum, each) => sum + each.found, 0);
const hit = files.reduce((sum, each) => sum + each.hit, 0);
const worst = files
  .filter((each) => each.found - each.hit > 0)
  .sort((a, b) => b.found - b.hit - (a.found - a.hit))
  .slice(0, 10)
  .map((each) => `${each.path} ${each.hit}/${each.found}`);
console.log(JSON.stringify({ found, hit, percent: found ? (100 * hit) / found : 0, unloaded, worst }));
