// Where the two summaries agree, where they do not, and what to do first. Agreement of two witnesses who saw
// different things is worth more than either; where they differ, both are quoted and the rule is stated.
import { reading } from "./lib/judgement.mjs";
import { table } from "./lib/markdown.mjs";
import { runStep, say } from "./lib/step.mjs";

const ORDER = ["poor", "fair", "good", "unknown"];
const MAX_ACTIONS = 5;

await runStep((inputs) => {
  const numbers = inputs.need("summary-numbers");
  const story = inputs.need("summary-story");
  const areas = numbers.areas.map((area) =>
    compare(
      area,
      story.areas.find(({ id }) => id === area.id),
      story.confidence,
    ),
  );
  const output = {
    overall: numbers.overall,
    confidence: story.confidence,
    headline: headline(areas, numbers.overall),
    areas,
    first: actions(areas),
  };
  say(
    areas.map(({ name, numbers: { grade }, story: { reading: told }, match }) => [
      name,
      grade,
      told.padEnd(7),
      match,
    ]),
  );
  return { output, files: { "summary.md": write(output) } };
});

function compare(area, story, confidence) {
  const { id, name, score, reasons, advice } = area;
  const numbers = { grade: area.grade, score, reading: reading(score), reasons, advice };
  return { id, name, numbers, story, ...settle(numbers.reading, story.reading, confidence) };
}

function settle(measured, told, confidence) {
  if (measured === told)
    return { match: told === "unknown" ? "neither can tell" : "agree", verdict: told, why: "" };
  if (measured === "unknown")
    return { match: "history only", verdict: told, why: "the history alone decides" };
  if (told === "unknown")
    return { match: "numbers only", verdict: measured, why: "the numbers alone decide" };
  const match = "differ";
  if (confidence === "low")
    return { match, verdict: measured, why: "the history is too short to overrule the numbers" };
  return ORDER.indexOf(measured) > ORDER.indexOf(told)
    ? {
        match,
        verdict: told,
        why: "what is there looks better than the way it is worked on; the cautious reading stands",
      }
    : {
        match,
        verdict: measured,
        why: "the way of working is better than what is there; older work has to catch up",
      };
}

function headline(areas, { grade, score }) {
  if (score === null) return "There is too little here to judge.";
  const named = (verdict) =>
    areas.filter((area) => area.verdict === verdict).map(({ name }) => name.toLowerCase());
  const list = (names) =>
    names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
  const [good, poor] = [named("good"), named("poor")];
  const parts = [
    good.length > 0 && `good on ${list(good)}`,
    poor.length > 0 && `poor on ${list(poor)}`,
  ].filter(Boolean);
  return `Grade ${grade}, ${score} of 100${parts.length > 0 ? `: ${parts.join("; ")}` : ""}.`;
}

// The worst area speaks first. What is graded A, or reads as good in the history, needs no advice.
function actions(areas) {
  const urgency = (area) => ORDER.indexOf(area.verdict) * 1000 + (area.numbers.score ?? 500);
  return [...areas]
    .sort((a, b) => urgency(a) - urgency(b))
    .flatMap(({ name, numbers, story }) => {
      const heard = [numbers.grade !== "A" && numbers.advice, story.reading !== "good" && story.advice];
      return heard.filter(Boolean).map((advice) => ({ area: name, ...advice }));
    })
    .slice(0, MAX_ACTIONS);
}

function write({ headline: title, areas, first }) {
  const rows = areas.map((area) => [
    area.name,
    area.numbers.grade,
    area.story.reading,
    area.match,
    area.verdict,
  ]);
  const differing = areas.filter(({ match }) => match === "differ");
  const quarrel = ({ name, numbers, story, why }) =>
    `- **${name}**: the numbers say ${numbers.reading} (${numbers.reasons.join("; ")}), the history says ${story.reading} (${story.evidence}). Settled: ${why}.`;
  return [
    `# ${title}`,
    table(["Area", "Numbers", "History", "They", "Verdict"], rows),
    differing.length > 0
      ? `## Where they differ\n\n${differing.map(quarrel).join("\n")}`
      : "The two summaries contradict each other nowhere.",
    first.length > 0
      ? `## What to do first\n\n${first.map((one, i) => `${i + 1}. **${one.do}**: ${one.why}.`).join("\n")}`
      : "Nothing is urgent.",
    "",
  ].join("\n\n");
}
