import { scrubText } from "../core/audit/scrub";
import type { Fact } from "../core/engine/fact";
import type { Plan } from "../core/engine/plan";
import type { Ports } from "./ports";

/** Facts without the secrets in what a person wrote in words of their own: it is kept, shown, and handed on to steps. */
export function withoutSecretsSaid(ports: Ports, plan: Plan, facts: readonly Fact[]): Fact[] {
  const isSaid = ({ type }: Fact) => type === "gate.rejected" || type === "gate.approved";
  if (!facts.some(isSaid)) return [...facts];
  const known = ports.knownSecrets();
  return facts.map((fact) => {
    if (fact.type === "gate.rejected") return { ...fact, reason: scrubText(fact.reason, known) };
    if (fact.type !== "gate.approved" || fact.answers === undefined) return fact;
    const free = freeTexts(plan, fact.gate);
    const answers = Object.entries(fact.answers).map(([id, answer]) => [
      id,
      free.has(id) && typeof answer === "string" ? scrubText(answer, known) : answer,
    ]);
    return { ...fact, answers: Object.fromEntries(answers) };
  });
}

/** The questions that are answered in free words; a choice stands in the definition, and conditions compare it. */
function freeTexts(plan: Plan, gate: string): Set<string> {
  const node = plan.graph.nodes.get(gate);
  const questions = node?.kind === "gate" ? (node.gate.questions ?? []) : [];
  return new Set(questions.filter(({ type }) => type === "text").map(({ id }) => id));
}
