import { countOf } from "../count";

/** What of how a step is started is worth saying beside its words; each key only where there is something to say. */
export interface StartFacts {
  isolation?: "worktree";
  /** It runs in a sandbox, because it or the policy says so. */
  sandbox?: "required";
  /** Whether it gets the network; in a sandbox absent where its agent's adapter says that. */
  network?: boolean;
  /** How many instances of it run side by side, or the list that says so. */
  fan?: number | string;
  /** Candidates whose results it joins. */
  candidates?: string[];
  /** The steps whose sub-sequences it belongs to, the outermost first, with what they are given. */
  inside?: StartedInside[];
}

/** A step that runs a sub-sequence in its place, as what that consists of is started by it. */
export interface StartedInside {
  step: string;
  /** Values of the sub-sequence's parameters as they are written; a text is an expression. */
  with?: Record<string, string | number | boolean>;
  fan?: number | string;
}

/** The same for people, a few words each. */
export function sayFacts(facts: StartFacts): string[] {
  const { isolation, fan, candidates = [], inside = [] } = facts;
  return [
    ...(isolation === undefined ? [] : ["in its own worktree"]),
    ...sayConfined(facts),
    ...(fan === undefined ? [] : [sayFan(fan)]),
    ...(candidates.length === 0
      ? []
      : [`joins ${countOf(candidates.length, "candidate")} (${candidates.join(", ")})`]),
    ...inside.map((one) => sayInside(one)),
  ];
}

function sayConfined({ sandbox, network }: StartFacts): string[] {
  if (sandbox === undefined) return network ? ["with the network in its sandbox"] : [];
  if (network === undefined) return ["sandboxed, with the network as its agent has it"];
  return [network ? "sandboxed, with the network" : "sandboxed, network off"];
}

const sayFan = (fan: number | string) =>
  typeof fan === "number" ? `${countOf(fan, "instance")} side by side` : `an instance for each of ${fan}`;

function sayInside({ step, with: given = {}, fan }: StartedInside): string {
  const values = Object.entries(given).map(([name, value]) => `${name}=${value}`);
  const said = [
    ...(fan === undefined ? [] : [sayFan(fan)]),
    ...(values.length === 0 ? [] : [`with ${values.join(", ")}`]),
  ];
  return `inside ${step}: ${said.join(", ")}`;
}
