import { ok, type Result } from "../core/result";
import type { Ports } from "./ports";
import { noticeOutsideEdit } from "./record";
import { loadState, type State } from "./state";
import { loadSubs } from "./subs";

/** Brings a state up to the definition and the policies as they stand in files; its run and journal stay. Needs the lock. */
export function followFiles(ports: Ports, state: State): Result<null> {
  const text = ports.definition.loadText();
  const policy = ports.policy.load();
  const user = ports.policy.loadUser();
  const sameText = text.ok && text.value.digest === state.definition.digest;
  const samePolicy = policy.ok && policy.value === state.policyText;
  if (sameText && samePolicy && user.ok && user.value === state.userText) {
    // The files that steps run in their place are read as they stand when that begins.
    const subs = loadSubs(ports, state.definition.sequence, state.run);
    if (subs) state.plan = { ...state.plan, subs };
    return ok(null);
  }
  // What can't be recorded must not be followed: the engine ends and says why; what runs goes on.
  const noticed = sameText ? ok(false) : noticeOutsideEdit(ports, state.policy.mode);
  if (!noticed.ok) return noticed;
  const loaded = loadState(ports);
  // A definition or policy broken by hand: the last good one holds until it is mended.
  if (!loaded.ok) return ok(null);
  loaded.value.journal?.close();
  const { journal: _journal, run: _run, ...fresh } = loaded.value;
  Object.assign(state, fresh);
  return ok(null);
}
