// `npm run check`: every static check, side by side, one line each. `--fix` formats and applies safe lint fixes first.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { leanEnv, root, run } from "./process.mjs";
import { setup } from "./setup.mjs";
import { asProgram } from "./setup-error.mjs";
import { biome, staticChecks } from "./static-checks.mjs";

const CHECK_TIMEOUT_MS = 600_000;
const docTests = readdirSync(join(root, "test"), { recursive: true })
  .filter((name) => /\bdocs\b.*\.test\.ts$/.test(name))
  .map((name) => `./test/${name}`);

await asProgram(import.meta.url, "check", async () => {
  const bun = await setup();
  if (process.argv.includes("--fix")) await run(bun, [...biome, "--write", "."], { env: leanEnv() });

  const checks = {
    ...staticChecks,
    architecture: ["test", "--only-failures", "./test/architecture.test.ts", "./test/architecture/"],
    ...(docTests.length > 0 ? { docs: ["test", "--only-failures", ...docTests] } : {}),
  };
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([name, args]) => {
      const start = performance.now();
      const result = await run(bun, args, { env: leanEnv(), timeoutMs: CHECK_TIMEOUT_MS });
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`${result.code === 0 ? "✓" : "✗"} ${name} (${seconds} s)`);
      return { name, ...result };
    }),
  );
  const bad = outcomes.filter(({ code }) => code !== 0);
  for (const { name, output } of bad) console.log(`\n${name}\n${output.trimEnd()}`);
  if (bad.length > 0) process.exitCode = 1;
});
