import { z } from "zod";
import { err, ok } from "../result";
import { unknownGate } from "../sequence/ids";
import { Gate } from "../sequence/schema";
import { Base, defineAction } from "./action";
import { dependentsOf } from "./step";

const Id = z.string().describe("id of the gate");
const settable = z.enum(["description", "depends_on", "shows", "expires_ms", "questions"]);

export const gateEdit = defineAction({
  name: "gate.edit",
  title: "Change a gate",
  risk: "edit",
  input: Gate.extend({
    id: Id,
    name: Gate.shape.name.optional(),
    unset: z.array(settable).optional().describe("keys to remove from the gate"),
    base: Base,
  }),
  positional: ["id"],
  summary: ({ id, unset, base: _, ...keys }) => {
    const given = Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [key]));
    const changed = [...given, ...(unset ?? [])].join(", ");
    return changed === "" ? `leave gate ${id} as it is` : `change ${changed} of gate ${id}`;
  },
  target: ({ id }) => id,
  effect: {
    kind: "edit",
    bases: ({ base }) => [base],
    apply: (sequence, { unset, base: _, ...keys }) => {
      const gates = sequence.gates ?? [];
      if (!gates.some((gate) => gate.id === keys.id)) return unknownGate(sequence, keys.id);
      const given = Object.entries(keys).filter(([, value]) => value !== undefined);
      const change = (gate: Gate): Gate => {
        const changed: Gate = { ...gate, ...Object.fromEntries(given) };
        for (const key of unset ?? []) delete changed[key];
        return changed;
      };
      return ok({ ...sequence, gates: gates.map((gate) => (gate.id === keys.id ? change(gate) : gate)) });
    },
  },
});

export const gateRm = defineAction({
  name: "gate.rm",
  title: "Remove a gate",
  risk: "remove",
  input: z.strictObject({ id: Id }),
  positional: ["id"],
  summary: ({ id }) => `remove gate ${id}`,
  target: ({ id }) => id,
  effect: {
    kind: "edit",
    apply: (sequence, { id }) => {
      const gates = sequence.gates ?? [];
      if (!gates.some((gate) => gate.id === id)) return unknownGate(sequence, id);
      const by = dependentsOf(sequence, id);
      return by.length > 0
        ? err({ code: "node.in_use", id, by })
        : ok({ ...sequence, gates: gates.filter((gate) => gate.id !== id) });
    },
  },
});
