import { lookAt, useLook } from "../state/look";
import { spanOf } from "../state/replay";
import type { ReplayDocument } from "../state/wire";

/** Goes to the moment before or after the one that is looked at; whether there was one. */
export function moveMoment(doc: ReplayDocument, by: 1 | -1): boolean {
  const { run, t } = useLook.getState();
  const { from, to } = spanOf(doc);
  const isLookedAt = run !== null && t !== null;
  const now = isLookedAt ? from + t : to;
  // A link keeps whole milliseconds, as facts do.
  const times = doc.facts.map((fact) => Date.parse(fact.ts));
  const next =
    by > 0
      ? times.find((time) => time > now)
      : times.findLast((time) => time < now || (!isLookedAt && time < to));
  if (next === undefined) return false;
  useLook.setState({ isPlaying: false });
  lookAt(doc.run, next - from);
  return true;
}
