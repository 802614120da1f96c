import { type ChatCall, call, type World } from "./reading";

/** What else than an order names steps that go: gates that show what they left, and steps that start others. */
export function forget(
  { sequence }: World,
  gone: ReadonlySet<string>,
): { calls: ChatCall[]; says: string[] } {
  const calls: ChatCall[] = [];
  const says: string[] = [];
  const without = (list: readonly string[] | undefined) => {
    const kept = list?.filter((id) => !gone.has(id)) ?? [];
    return kept.length === (list?.length ?? 0) ? undefined : kept;
  };
  const shortened = (key: string, kept: string[]) => (kept.length > 0 ? { [key]: kept } : { unset: [key] });
  for (const { id, shows } of sequence.gates ?? []) {
    const kept = without(shows);
    if (kept === undefined || gone.has(id)) continue;
    const lost = shows?.filter((one) => gone.has(one)).map((one) => `'${one}'`) ?? [];
    calls.push(call("gate.edit", { id, ...shortened("shows", kept) }));
    says.push(
      `The gate '${id}' no longer shows what ${lost.join(" and ")} left${kept.length > 0 ? "" : ", but what the steps before it leave"}.`,
    );
  }
  for (const step of sequence.steps ?? []) {
    for (const key of ["on_success", "on_failure"] as const) {
      const kept = without(step[key]);
      if (kept === undefined || gone.has(step.id)) continue;
      calls.push(call("step.edit", { id: step.id, ...shortened(key, kept) }));
      says.push(`'${step.id}' starts it no more.`);
    }
  }
  return { calls, says };
}
