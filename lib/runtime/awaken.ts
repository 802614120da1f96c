import { isQuiet } from "../core/engine/step";
import { ok, type Result } from "../core/result";
import type { Ports } from "./ports";
import { loadUnderWay } from "./standing";

/** Makes sure that an engine lives if anything runs, can start or waits for a time. */
export async function ensureEngineIfNeeded(ports: Ports): Promise<Result<null>> {
  const state = loadUnderWay(ports);
  // Where nothing is under way, what a hand has broken is for it to mend.
  if (!state.ok) return ok(null);
  const { run, plan, journal } = state.value;
  journal?.close();
  if (!journal || isQuiet(run, plan)) return ok(null);
  const ensured = await ports.engine.ensure();
  return ensured.ok ? ok(null) : ensured;
}
