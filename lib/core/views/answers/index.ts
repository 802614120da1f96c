import type { z } from "zod";
import { Layout } from "../../layout";
import { PolicyFile } from "../../policy/file";
import { ResourceLimits } from "../../policy/resources";
import { AnyJson, Gate, Question, SequenceFile, Step } from "../../sequence/schema";
import type { ViewName } from "../view";
import { EntriesFound, Entry, EntryPage, EntryTail, Verified } from "./audit";
import { Applied, Chat, ConversationManaged, ConversationShown, Previewed } from "./chat";
import { Agents, Deed, TemplateShown, Templates } from "./done";
import { RunFact, StepShown } from "./fact";
import { GateShown, Inbox, WaitingProposal } from "./gate";
import { Artifact, Artifacts, Lines, Log, Matches } from "./log";
import { CommandExplained, PolicyShown, PolicyTried } from "./policy";
import { Events, Fusion, Replay, RunDetail, RunDiff, RunStep, Runs, Worktrees } from "./run";
import { Definition, DefinitionText, Diff, History, Problems, Prompt, RevisionDiff } from "./sequence";
import { Engine, GateStatus, Gates, Groups, Status, StepDetail, StepStatus, Why } from "./status";

/** What each view answers with. Loaded only where it is told, never on the way of a question. */
export const answers = {
  status: Status,
  sequence: Definition,
  "sequence.problems": Problems,
  "sequence.diff": RevisionDiff,
  "sequence.text": DefinitionText,
  "sequence.history": History,
  step: StepDetail,
  why: Why,
  prompt: Prompt,
  layout: Layout,
  "agents.list": Agents,
  "gate.list": Gates,
  "gate.show": GateShown,
  "group.list": Groups,
  "fusion.compare": Fusion,
  "worktree.list": Worktrees,
  "template.list": Templates,
  "template.show": TemplateShown,
  logs: Log,
  "logs.lines": Lines,
  "logs.search": Matches,
  artifacts: Artifacts,
  artifact: Artifact,
  events: Events,
  "runs.list": Runs,
  "runs.show": RunDetail,
  "runs.replay": Replay,
  "runs.diff": RunDiff,
  "audit.read": EntryPage,
  "audit.tail": EntryTail,
  "audit.find": EntriesFound,
  "audit.verify": Verified,
  inbox: Inbox,
  "policy.show": PolicyShown,
  "policy.explain": CommandExplained,
  "policy.test": PolicyTried,
  "engine.status": Engine,
} as const satisfies { [N in ViewName]: z.ZodType };

/** The parts that answers are made of, by the names they are told under. */
export const parts = {
  Agents,
  Applied,
  Artifact,
  Artifacts,
  Chat,
  CommandExplained,
  ConversationManaged,
  ConversationShown,
  Definition,
  DefinitionText,
  Diff,
  Done: Deed,
  Engine,
  EntriesFound,
  Entry,
  EntryPage,
  EntryTail,
  Events,
  Fact: RunFact,
  Fusion,
  Gate,
  GateQuestion: Question,
  GateShown,
  Gates,
  GateStatus,
  Groups,
  History,
  Inbox,
  Json: AnyJson,
  Layout,
  Lines,
  Log,
  Matches,
  PolicyFile,
  PolicyShown,
  PolicyTried,
  Previewed,
  Problems,
  Prompt,
  Replay,
  ResourceLimits,
  RevisionDiff,
  Run: RunDetail,
  RunDiff,
  RunStep,
  Runs,
  Sequence: SequenceFile,
  Status,
  Step,
  StepDetail,
  StepShown,
  StepStatus,
  Template: TemplateShown,
  Templates,
  Verified,
  WaitingProposal,
  Why,
  Worktrees,
} satisfies { [name: string]: z.ZodType };
