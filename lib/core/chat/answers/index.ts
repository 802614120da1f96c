import type { ViewName } from "../../views/view";
import { sayDiff, sayHistory, sayLayout, sayProblems, saySequence, sayText } from "./definition";
import type { Doc } from "./markdown";
import { sayEntries, sayFound, sayVerified } from "./record";
import { sayPolicy, sayTemplate, sayTemplates, sayTest, sayVerdict } from "./rules";
import { sayEvents, sayRun, sayRunDiff, sayRuns } from "./runs";
import {
  sayAgents,
  sayArtifact,
  sayArtifacts,
  sayEngine,
  sayLines,
  sayLogs,
  sayMatches,
  sayPrompt,
  sayStatus,
  sayStep,
  sayWhy,
} from "./steps";
import { sayFusion, sayGate, sayGates, sayGroups, sayInbox, sayWorktrees } from "./waiting";

// One for each view, so that none is ever answered with raw data.
const says: Readonly<Record<ViewName, (doc: Doc, lines?: number) => string>> = {
  status: sayStatus,
  sequence: saySequence,
  "sequence.problems": sayProblems,
  "sequence.diff": sayDiff,
  "sequence.text": sayText,
  "sequence.history": sayHistory,
  step: sayStep,
  why: sayWhy,
  prompt: sayPrompt,
  layout: sayLayout,
  "agents.list": sayAgents,
  "gate.list": sayGates,
  "gate.show": sayGate,
  "group.list": sayGroups,
  "fusion.compare": sayFusion,
  "worktree.list": sayWorktrees,
  "template.list": sayTemplates,
  "template.show": sayTemplate,
  logs: sayLogs,
  "logs.lines": sayLines,
  "logs.search": sayMatches,
  artifacts: sayArtifacts,
  artifact: sayArtifact,
  events: sayEvents,
  "runs.list": sayRuns,
  "runs.show": sayRun,
  "runs.replay": sayEvents,
  "runs.diff": sayRunDiff,
  "audit.read": sayEntries,
  "audit.tail": sayEntries,
  "audit.find": sayFound,
  "audit.verify": sayVerified,
  inbox: sayInbox,
  "policy.show": sayPolicy,
  "policy.explain": sayVerdict,
  "policy.test": sayTest,
  "engine.status": sayEngine,
};

/** A view's answer as a person reads it: Markdown, with the places it speaks of as citations; of a log so many of its last lines. */
export function sayAnswer(view: ViewName, value: unknown, lines?: number): string {
  return says[view](value as Doc, lines);
}
