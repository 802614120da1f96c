import { capital, code, many, section, table, words } from "./markdown.mjs";

const MAX_AUTHORS = 10;

/** The title, the verdict in one sentence, and the chart. */
export function opening({ survey: { repository, files: found, history: past }, verdict }) {
  const where = [
    code(repository.head),
    repository.branch && `on ${code(repository.branch)}`,
    repository.folder && `in ${code(repository.folder)}`,
  ];
  const size = `${many(found.total, "file")}, ${many(found.lines, "line")}, ${many(past.commits, "commit")} by ${many(past.authors.length, "author")}`;
  return [
    `# Health of ${words(repository.name)}`,
    `**${verdict.headline}**`,
    `As of ${where.filter(Boolean).join(" ")}, ${past.last}: ${size}.`,
    `![Commits over time, languages and scores of ${words(repository.name)}](report-chart.svg)`,
  ].join("\n\n");
}

/** The few things to do now. */
export function first({ verdict }) {
  const steps = verdict.first.map((one, i) => `${i + 1}. **${one.do}**: ${one.why}. _(${one.area})_`);
  return section(
    "What to do first",
    steps.length > 0 ? steps.join("\n") : "Nothing is urgent: neither summary asks for anything.",
  );
}

/** The grades, and under them what both summaries say about each area and what that comes to. */
export function grades({ verdict: { areas, overall } }) {
  const rows = areas.map(({ name, numbers, story, match, verdict }) => [
    name,
    numbers.grade,
    numbers.score ?? "–",
    story.reading,
    match,
    verdict,
  ]);
  const agreed = areas.filter(({ match }) => match === "agree").map(({ name }) => name.toLowerCase());
  const differing = areas.filter(({ match }) => match === "differ").map(({ name }) => name.toLowerCase());
  const compared = [
    agreed.length > 0 && `They agree on ${agreed.join(", ")}.`,
    differing.length > 0 && `They differ on ${differing.join(", ")}.`,
  ].filter(Boolean);
  return section(
    "Grades",
    "One summary scores what is there today, the other reads only the history. They were made apart from each other.",
    table(
      ["Area", "Numbers", "Score:", "History", "They", "Verdict"],
      [...rows, ["**Overall**", `**${overall.grade}**`, `**${overall.score ?? "–"}**`, "", "", ""]],
    ),
    compared.join(" ") || "On no area could both tell enough to be compared.",
    areas.map(explain).join("\n"),
  );
}

function explain({ name, numbers, story, why, verdict }) {
  const lines = [
    `In numbers: ${numbers.reasons.join("; ")}.`,
    `In its history: ${story.evidence}.`,
    why && `${capital(why)}.`,
  ];
  return [`- **${name}: ${verdict}.**`, ...lines.filter(Boolean).map((line) => `  ${line}`)].join("\n");
}

/** The repository's story. */
export function history({ story, survey }) {
  const authors = survey.history.authors
    .slice(0, MAX_AUTHORS)
    .map((one) => [words(one.name, 40), one.commits]);
  return section(
    "The story so far",
    ...(story?.paragraphs ?? ["The story was not written in this run."]),
    authors.length > 1 && table(["Author", "Commits:"], authors),
  );
}

/** How the report came to be and how far it can be trusted. */
export const method = ({ verdict }) =>
  section(
    "How this was made",
    `Nine steps of \`sequence.yaml\` and one human approval, with git and Node.js only. Two summaries were made apart from each other: one scores what is there today, one reads only the history (confidence: ${verdict.confidence}); a third step compared them. All dates are the commits' own, so the same commit always gives the same report.`,
    "Tests, unfinished work and code without tests are found by naming and by pattern: good for a direction, not for proof.",
  );
