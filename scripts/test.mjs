// `npm test`: sets up, checks format, lint and types, runs every test, and ends with one line: `N passed, N failed, N skipped`.
// `npm test -- <filter>` runs matching unit tests only, without static checks, coverage and browser.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOrInstallBrowser } from "./browser.mjs";
import { readJunit } from "./junit.mjs";
import { leanEnv, root, run } from "./process.mjs";
import { setup } from "./setup.mjs";
import { SetupError } from "./setup-error.mjs";
import { staticChecks } from "./static-checks.mjs";

const MIN_COVERAGE_PERCENT = 80;
const STATIC_TIMEOUT_MS = 180_000;
const TEST_TIMEOUT_MS = 60_000;
const E2E_TIMEOUT_MS = 120_000;
// .ci/run has 30 minutes, set-up and browser included.
const LIMIT_MS = 1_680_000;
const E2E_RESERVE_MS = 300_000;

const filters = process.argv.slice(2);
const results = { passed: 0, failed: 0, skipped: 0 };
const problems = [];
const scratch = mkdtempSync(join(tmpdir(), "threados-test-"));

try {
  const bun = await setup();
  if (filters.length === 0) await runStaticChecks(bun);
  await runUnit(bun);
  if (filters.length === 0) {
    await checkCoverage(bun);
    await runEndToEnd(bun);
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  fail(`the set-up failed: ${error.message}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

for (const problem of problems) console.log(problem);
const { passed, failed, skipped } = results;
if (passed + failed === 0) console.log("no test ran");
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

async function runStaticChecks(bun) {
  await Promise.all(
    Object.entries(staticChecks).map(async ([name, args]) => {
      const { code, output } = await run(bun, args, { env: leanEnv(), timeoutMs: STATIC_TIMEOUT_MS });
      if (code !== 0) return fail(`${name}:\n${output.trimEnd()}`);
      results.passed += 1;
    }),
  );
}

async function runUnit(bun) {
  const report = join(scratch, "unit.xml");
  const coverage = ["--coverage", "--coverage-reporter=lcov", `--coverage-dir=${scratch}`];
  const args = ["test", "--parallel", `--timeout=${TEST_TIMEOUT_MS}`, ...junit(report)];
  const started = [...args, ...(filters.length === 0 ? coverage : []), ...filters];
  const expected = filters.length === 0 ? testFiles("test", ".test.ts") : [];
  await runTests("unit and integration tests", bun, started, {
    report,
    expected,
    limitMs: remainingMs() - E2E_RESERVE_MS,
  });
}

async function checkCoverage(bun) {
  const lcov = join(scratch, "lcov.info");
  const { code, output } = await run(bun, [join("scripts", "coverage.ts"), lcov], { env: leanEnv() });
  if (code !== 0) return fail(`line coverage of lib could not be read:\n${output}`);
  const { percent, unloaded, worst } = JSON.parse(output);
  const said = `line coverage of lib: ${percent.toFixed(1)} % (at least ${MIN_COVERAGE_PERCENT} %)`;
  if (percent >= MIN_COVERAGE_PERCENT) results.passed += 1;
  else results.failed += 1;
  problems.push(
    percent >= MIN_COVERAGE_PERCENT ? said : `${said}; most is missing in\n  ${worst.join("\n  ")}`,
  );
  if (unloaded.length > 0) problems.push(`loaded by no test: ${unloaded.join(", ")}`);
}

async function runEndToEnd(bun) {
  const files = testFiles("e2e", ".e2e.ts");
  if (files.length === 0) return;
  const browser = await findOrInstallBrowser(console.error);
  if (!browser.path) {
    results.skipped += files.map(countTests).reduce((sum, count) => sum + count, 0);
    problems.push(`skipped the end-to-end tests: ${browser.reason}`);
    return;
  }
  const report = join(scratch, "e2e.xml");
  const args = ["test", `--timeout=${E2E_TIMEOUT_MS}`, ...junit(report), ...files.map((file) => `./${file}`)];
  const before = results.failed;
  const traces = mkdtempSync(join(tmpdir(), "threados-traces-"));
  const env = { THREADOS_BROWSER: browser.path, THREADOS_TRACES: traces };
  await runTests("end-to-end tests", bun, args, { report, expected: files, limitMs: remainingMs(), env });
  if (results.failed === before) rmSync(traces, { recursive: true, force: true });
  else
    problems.push(
      `what the browser did is kept in ${traces}; look at it with node_modules/.bin/playwright show-trace <file>`,
    );
}

async function runTests(what, bun, args, { report, expected, limitMs, env = {} }) {
  console.log(`\n${what}`);
  const { code, timedOut } = await run(bun, args, { env: leanEnv(env), show: true, timeoutMs: limitMs });
  const counts = readJunit(report);
  results.passed += counts.passed;
  results.failed += counts.failed;
  results.skipped += counts.skipped;
  // Again at the end: a log that was cut keeps its last lines.
  for (const name of counts.failures) problems.push(`failed: ${name}`);
  if (timedOut) return fail(`${what} did not end within ${Math.round(limitMs / 60_000)} minutes`);
  // A file that fails to load, or ends the process, is in no report.
  const missing = expected.filter((file) => !counts.files.includes(file));
  for (const file of missing) fail(`${file} reported no result`);
  if (code !== 0 && counts.failed === 0 && missing.length === 0)
    fail(`${what}: bun test ended with exit code ${code}`);
}

function remainingMs() {
  return Math.max(E2E_RESERVE_MS, LIMIT_MS - performance.now());
}

function fail(message) {
  results.failed += 1;
  problems.push(message);
}

function junit(file) {
  return ["--reporter=junit", `--reporter-outfile=${file}`];
}

function testFiles(folder, ending) {
  try {
    return readdirSync(join(root, folder), { recursive: true })
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
      .filter((name) => name.endsWith(ending))
      .sort();
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

function countTests(file) {
  return Math.max(1, readFileSync(join(root, file), "utf8").match(/^\s*(test|it)\(/gm)?.length ?? 0);
}
