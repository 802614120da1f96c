import type { Action } from "./action";
import { runCancel } from "./cancel";
import { changeOf } from "./change";
import { depAdd, depRm } from "./dep";
import { fusionCreate, fusionPick } from "./fusion";
import { gateApprove, gateBlock, gateInsert } from "./gate";
import { gateEdit, gateRm } from "./gate-edit";
import { gateReject } from "./gate-reject";
import { groupParallelize } from "./group";
import { redo, undo } from "./history";
import { layoutPlace } from "./layout";
import { policyMode, policySandbox } from "./policy";
import { promptEdit } from "./prompt";
import { proposalApprove, proposalReject } from "./proposal";
import { stepRerun } from "./rerun";
import { runStart, runStop, stepRestart } from "./run";
import { sequenceEdit } from "./sequence-edit";
import { stepAdd, stepClone, stepEdit, stepRm } from "./step";
import { templateApply } from "./template";
import { worktreeGc } from "./worktree";
import { sequenceWrite } from "./write";

/** What edits the sequence, and can be part of one change. */
const edits = [
  stepAdd,
  stepEdit,
  stepRm,
  stepClone,
  depAdd,
  depRm,
  gateInsert,
  gateEdit,
  gateRm,
  groupParallelize,
  fusionCreate,
  templateApply,
] as const;

/** Everything that can be done. One record here and one test make a new action on every surface. */
export const actions = [
  ...edits,
  changeOf(edits as unknown as AnyAction[]),
  gateApprove,
  gateBlock,
  gateReject,
  fusionPick,
  worktreeGc,
  runStart,
  runStop,
  stepRestart,
  stepRerun,
  runCancel,
  promptEdit,
  sequenceEdit,
  sequenceWrite,
  layoutPlace,
  undo,
  redo,
  proposalApprove,
  proposalReject,
  policyMode,
  policySandbox,
] as const;

/** An action whose input type is known only to itself. */
export type AnyAction = Action<unknown>;

const byName = new Map<string, AnyAction>(
  actions.map((action) => [action.name, action as unknown as AnyAction]),
);

/** The action of that name. */
export function findAction(name: string): AnyAction | undefined {
  return byName.get(name);
}

/** All names, in the order of the list. */
export const actionNames: readonly string[] = actions.map((action) => action.name);
