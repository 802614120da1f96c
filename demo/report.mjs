// Writes report.md and report-chart.svg into the workspace's root, and keeps a copy of both with the run.
import { renameSync, writeFileSync } from "node:fs";
import { drawChart } from "./lib/chart.mjs";
import { many } from "./lib/markdown.mjs";
import { dependencies, files, hotspots, tests, todos } from "./lib/report-findings.mjs";
import { first, grades, history, method, opening } from "./lib/report-judgement.mjs";
import { runStep, say } from "./lib/step.mjs";

await runStep((inputs) => {
  const facts = {
    survey: inputs.need("survey"),
    verdict: inputs.need("verdict"),
    story: inputs.get("summary-story"),
  };
  for (const id of ["todos", "hotspots", "dependencies", "tests"]) facts[id] = inputs.get(id);
  const { survey, verdict } = facts;
  const { name } = survey.repository;
  const chart = drawChart({
    name,
    perPeriod: survey.history.perPeriod,
    languages: survey.languages,
    areas: verdict.areas,
  });
  const sections = [opening, first, grades, files, tests, hotspots, todos, dependencies, history, method];
  const report = `${sections
    .map((section) => section(facts))
    .filter(Boolean)
    .join("\n\n")}\n`;

  save("report.md", report);
  save("report-chart.svg", chart);
  say([
    ["verdict", verdict.headline],
    ["report", "report.md", many(report.split("\n").length, "line")],
    ["chart", "report-chart.svg"],
  ]);
  return {
    output: { headline: verdict.headline, report: "report.md", chart: "report-chart.svg" },
    files: { "report.md": report, "report-chart.svg": chart },
  };
});

// A reader never sees half a file, and a link in the file's place is replaced, not followed.
function save(path, content) {
  const draft = `.${path}.${process.pid}`;
  writeFileSync(draft, content, { flag: "wx" });
  renameSync(draft, path);
}
