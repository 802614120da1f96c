"use client";

import { useNow } from "../state/clock";
import { sayDuration, sayElapsed } from "../state/duration";
import { useLook } from "../state/look";
import { useView } from "../state/view";
import { isTicking } from "../state/vocabulary";
import type { StepState } from "../state/wire";

/** How long a step took, or has been running so far; it stands still while nobody can know. */
export function Duration({ step }: { step: StepState }) {
  const live = useView((view) => view.connection === "live");
  const past = useLook((look) => (look.isShown ? look.at : null));
  const ticking = isTicking(step) && (live || past !== null);
  const present = useNow(ticking && past === null);
  const now = past ?? present;
  if (step.started_at === null) return null;
  if (ticking) return <span>{sayElapsed(Math.max(0, now - step.started_at))}</span>;
  return step.ended_at === null ? null : <span>{sayDuration(step.ended_at - step.started_at)}</span>;
}
