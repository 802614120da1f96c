// The second summary of the same repository: from its history alone, told as a story. It never looks at what
// the files hold today, so where it agrees with the numbers, two different witnesses do.
import { habits, judgeConfidence } from "./lib/habits.mjs";
import { AREAS } from "./lib/judgement.mjs";
import { many } from "./lib/markdown.mjs";
import { tell, understand } from "./lib/narrative.mjs";
import { runStep, say } from "./lib/step.mjs";

await runStep((inputs) => {
  const { history, repository } = inputs.need("survey");
  const commits = inputs
    .need("survey", "commits.json")
    .filter(({ merge }) => !merge)
    .reverse()
    .map(understand);
  const confidence = judgeConfidence(commits.length, repository.shallow);
  const areas = AREAS.map(({ id, name }) => ({
    id,
    name,
    ...(confidence === "none"
      ? { reading: "unknown", evidence: `${many(commits.length, "commit")} can't show a habit` }
      : habits[id](commits)),
  }));

  const paragraphs = tell(commits, history, repository);
  say([...areas.map(({ name, reading }) => [name, reading]), ["Confidence", confidence]]);
  const story = `# As a story\n\n${paragraphs.join("\n\n")}\n`;
  return { output: { confidence, areas, paragraphs }, files: { "summary.md": story } };
});
