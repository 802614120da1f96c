import { nearest } from "../nearest";
import { err, ok, type Result } from "../result";
import type { Sequence } from "./schema";

/** What an id of a step, gate or group looks like; nothing else ever becomes a path segment. */
export const idPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const deviceNames = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;

/** A foreign text as it may be shown in a message: what can't be seen or would steer a terminal is spelled out, and it is not long. */
export function shown(text: string): string {
  const cut = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return cut.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`,
  );
}

/** Checks the form of one id. */
export function checkId(id: string): Result<string> {
  if (!idPattern.test(id)) return err({ code: "id.invalid", id: shown(id) });
  if (deviceNames.test(id)) return err({ code: "id.reserved", id });
  return ok(id);
}

/** Refuses an id that a step or gate already has, without regard to case. */
export function checkFree(sequence: Sequence, id: string): Result<string> {
  const wanted = id.toLowerCase();
  const step = sequence.steps?.find((s) => s.id.toLowerCase() === wanted);
  if (step) return err({ code: "id.taken", id, other: step.id, kind: "step" });
  const gate = sequence.gates?.find((g) => g.id.toLowerCase() === wanted);
  if (gate) return err({ code: "id.taken", id, other: gate.id, kind: "gate" });
  return checkId(id);
}

/** The refusal for a name that is no step: what it is instead, or the nearest step. */
export function unknownStep(sequence: Sequence, id: string) {
  const near = nearest(
    id,
    (sequence.steps ?? []).map((s) => s.id),
  );
  const isGate = sequence.gates?.some((gate) => gate.id === id);
  const isGroup = sequence.steps?.some((step) => step.group_id === id);
  if (isGate || isGroup) return err({ code: "step.unknown", id, is: isGate ? "gate" : "group" });
  return err({ code: "step.unknown", id, ...(near ? { nearest: near } : {}) });
}

/** The refusal for a name that is no gate: what it is instead, or the nearest gate. */
export function unknownGate(sequence: Sequence, id: string) {
  const near = nearest(
    id,
    (sequence.gates ?? []).map((g) => g.id),
  );
  if (sequence.steps?.some((step) => step.id === id)) return err({ code: "gate.unknown", id, is: "step" });
  return err({ code: "gate.unknown", id, ...(near ? { nearest: near } : {}) });
}
