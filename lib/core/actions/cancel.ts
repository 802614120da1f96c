import { z } from "zod";
import type { Fact } from "../engine/fact";
import { isActive, stepRun } from "../engine/run";
import { err, ok } from "../result";
import { defineAction } from "./action";

export const runCancel = defineAction({
  name: "run.cancel",
  title: "Give the open run up: stop what runs, cancel what has not started",
  risk: "stop",
  input: z.strictObject({}),
  summary: () => "cancel the run",
  effect: {
    kind: "engine",
    request: ({ plan, run, open, isGivenUp, actor }) => {
      const nothing = { facts: [], pursued: [], starts: [] };
      if (isGivenUp) return ok({ ...nothing, note: "nothing to cancel: the last run was given up already" });
      if (!open && run.id === "") return err({ code: "run.none" });
      if (!open) return ok({ ...nothing, note: "nothing to cancel: the run is complete" });
      const ids = new Set([...plan.order, ...run.steps.keys()]);
      const pending = [...ids].filter(
        (id) => !["done", "failed", "canceled", "skipped"].includes(stepRun(run, id).phase),
      );
      const ends = pending.map(
        (id): Fact =>
          isActive(stepRun(run, id))
            ? { type: "stop.requested", step: id, by: actor }
            : { type: "step.canceled", step: id, cause: "stopped" },
      );
      return ok({ facts: [{ type: "run.canceled", by: actor }, ...ends], pursued: pending, starts: [] });
    },
  },
});
