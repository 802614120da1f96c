// The first of two summaries of the same repository: from what is measurable today. Each area starts with a
// score and loses points for stated reasons; nothing here looks at how it came to be.
import { AREAS, grade } from "./lib/judgement.mjs";
import { table } from "./lib/markdown.mjs";
import { measures } from "./lib/measures.mjs";
import { runStep, say } from "./lib/step.mjs";

await runStep((inputs) => {
  const survey = inputs.need("survey");
  const facts = { survey, files: inputs.need("survey", "files.json") };
  for (const id of ["todos", "hotspots", "dependencies", "tests"]) facts[id] = inputs.get(id);
  const areas = AREAS.map(({ id, name, weight }) => {
    const { score, reasons, advice } = measures[id](facts);
    const whole = score === null ? null : Math.round(Math.min(100, Math.max(0, score)));
    return { id, name, weight, score: whole, grade: grade(whole), reasons, advice: advice || null };
  });

  const judged = areas.filter(({ score }) => score !== null);
  const weight = judged.reduce((sum, area) => sum + area.weight, 0);
  const score =
    weight === 0
      ? null
      : Math.round(judged.reduce((sum, area) => sum + area.score * area.weight, 0) / weight);
  const output = { overall: { score, grade: grade(score) }, areas };
  say([
    ...areas.map((area) => [area.name, area.grade, String(area.score ?? "").padStart(3)]),
    ["Overall", grade(score), score ?? ""],
  ]);
  return { output, files: { "summary.md": write(output) } };
});

function write({ overall, areas }) {
  const rows = areas.map(({ name, grade: letter, score, reasons }) => [
    name,
    letter,
    score ?? "",
    reasons.join("; "),
  ]);
  const heads = ["Area", "Grade", "Score:", "Why"];
  return `# In numbers: ${overall.grade}${overall.score === null ? "" : ` (${overall.score} of 100)`}\n\n${table(heads, rows)}\n`;
}
