import type { FailureOf } from "./failure";
import { bad, didYouMean, type Rendering } from "./failure-rendering";

type Codes = "step.unknown" | "gate.unknown" | "step.never_ran";

/** How refusals are said that come of a name which is no step or gate, or of a step that has left nothing. */
export const nodeRows: { [C in Codes]: Rendering<FailureOf<C>> } = {
  "step.unknown": {
    ...bad,
    message: (f) =>
      f.of === undefined
        ? `there is no step '${f.id}'`
        : `'${f.id}' is only part of '${f.of}' in this run, and is not defined by itself`,
    hint: (f) => {
      if (f.of !== undefined) return `change '${f.of}', which it comes from`;
      if (f.is === "gate") return `'${f.id}' is a gate: \`seqctl gate show ${f.id}\` shows it`;
      if (f.is === "group") return `'${f.id}' is a group: \`seqctl group list\` names its steps`;
      const near = didYouMean(f.nearest);
      if (f.made_by !== undefined)
        return `${near === undefined ? "" : `${near} `}To make '${f.id}' here, say what it runs: ${f.made_by}`;
      return near ?? "`seqctl status` lists the steps";
    },
  },
  "gate.unknown": {
    ...bad,
    message: (f) => `there is no gate '${f.id}'`,
    hint: (f) =>
      f.is === "step"
        ? `'${f.id}' is a step: \`seqctl step show ${f.id}\` shows it`
        : (didYouMean(f.nearest) ?? "`seqctl gate list` lists the gates"),
  },
  "step.never_ran": {
    ...bad,
    message: (f) =>
      f.skipped === undefined
        ? `'${f.id}' has not run yet${f.waits === undefined ? "" : `: it ${f.waits}`}`
        : `'${f.id}' ${f.skipped}`,
    hint: (f) => {
      if (f.skipped !== undefined)
        return "so it printed nothing and left no files; a new run (`seqctl run --new`) decides anew";
      return f.waits === undefined ? `run it: seqctl run step ${f.id}` : "watch it: seqctl status --watch";
    },
  },
};
