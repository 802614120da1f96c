import { z } from "zod";
import { saidOf } from "../issue";
import type { Risk } from "../policy/decide";
import { err, ok, type Result } from "../result";
import type { Sequence } from "../sequence/schema";
import { type Action, defineAction, type Sources } from "./action";

type Edit = Action<unknown>;
type One = { action: string; input: Record<string, unknown> };

const One = z.strictObject({
  action: z.string().describe("name of an action that edits the sequence, such as dep.add"),
  input: z.record(z.string(), z.json()).describe("what that action takes"),
});
const mostSaid = 4;

/** The action that carries out several edits as one: all or nothing, one entry in the record, one step to undo. */
export function changeOf(edits: readonly Edit[]) {
  const byName = new Map(edits.map((edit) => [edit.name, edit]));

  /** What a call says it does; its risk counts as the highest of all. */
  const read = ({ action, input }: One): Result<{ edit: Edit; input: unknown }> => {
    const edit = byName.get(action);
    if (!edit)
      return err({ code: "input.invalid", problem: `'${action.slice(0, 100)}' is no edit of the sequence` });
    const parsed = edit.input.safeParse(input);
    if (parsed.success) return ok({ edit, input: parsed.data });
    const issue = parsed.error.issues[0];
    const key = issue?.path.join(".") ?? "";
    const said = saidOf(issue);
    return err({ code: "input.invalid", problem: `${action}${key ? `, '${key}'` : ""}: ${said}` });
  };

  const riskOf = (call: One): Risk => {
    const known = read(call);
    if (!known.ok) return "edit";
    const { risk } = known.value.edit;
    return typeof risk === "function" ? risk(known.value.input) : risk;
  };

  const basesOf = (call: One): readonly (string | undefined)[] => {
    const known = read(call);
    const effect = known.ok ? known.value.edit.effect : undefined;
    return known.ok && effect?.kind === "edit" ? (effect.bases?.(known.value.input) ?? []) : [];
  };

  const apply = (sequence: Sequence, calls: readonly One[], sources: Sources): Result<Sequence> => {
    let now = sequence;
    for (const call of calls) {
      const known = read(call);
      if (!known.ok) return known;
      const { effect } = known.value.edit;
      if (effect.kind !== "edit") return err({ code: "internal", problem: `${call.action} is no edit` });
      const next = effect.apply(now, known.value.input, sources);
      if (!next.ok) return next;
      now = next.value;
    }
    return ok(now);
  };

  return defineAction({
    name: "sequence.change",
    title: "Make several edits of the sequence as one",
    risk: ({ calls }) => (calls.some((call) => riskOf(call) === "remove") ? "remove" : "edit"),
    within: ({ calls }) => calls.map(({ action }) => action),
    input: z.strictObject({
      calls: z.array(One).min(1).max(1000).describe("the edits, in their order; all are made or none"),
    }),
    summary: ({ calls }) => {
      const said = calls.slice(0, mostSaid).map((call) => {
        const known = read(call);
        return known.ok ? known.value.edit.summary(known.value.input) : call.action;
      });
      const more = calls.length - said.length;
      return more > 0 ? `${said.join(", ")} and ${more} more` : said.join(", ");
    },
    effect: {
      kind: "edit",
      apply: (sequence, { calls }, sources) => apply(sequence, calls, sources),
      bases: ({ calls }) => calls.flatMap(basesOf),
    },
  });
}
