import { countOf } from "../core/count";
import { renderFailure } from "../core/failure-table";
import type { Result } from "../core/result";
import { secretsOf } from "../core/sequence/effective";
import type { Check } from "../core/views/check";
import type { Ports } from "./ports";
import { modeOf } from "./refusal";
import { loadPolicy } from "./state";
import { verifyAudit } from "./verify";

/** Looks at a workspace: its two files, its audit log, its engine, and the agents it can run. */
export async function examineWorkspace(ports: Ports): Promise<Check[]> {
  const agents = await ports.agents.list();
  const policy = loadPolicy(ports);
  return [
    fileCheck("sequence", ports.definition.load(), ({ sequence }) =>
      countOf(sequence.steps?.length ?? 0, "step"),
    ),
    fileCheck("policy", policy, () => `mode ${modeOf(ports, policy)}`),
    fileCheck(
      "audit log",
      await verifyAudit(ports),
      ({ entries }) => `${countOf(entries, "entry")}, the chain holds`,
    ),
    engineCheck(ports),
    ...proposalChecks(ports),
    ...secretChecks(ports),
    ...(agents.ok
      ? agents.value.map(
          (agent): Check => ({
            name: `agent ${agent.name}`,
            state: agent.ready ? "good" : agent.path === null ? "missing" : "bad",
            needed: false,
            detail: agent.ready
              ? [agent.version, agent.path].filter((part) => part !== null).join(", ")
              : (agent.problem ?? `there is no '${agent.executable}' on the PATH`),
          }),
        )
      : [fileCheck("agents", agents, () => "")]),
  ];
}

function fileCheck<T>(name: string, read: Result<T>, detail: (value: T) => string): Check {
  if (read.ok) return { name, state: "good", needed: true, detail: detail(read.value) };
  const { message, hint } = renderFailure(read.failure);
  return { name, state: "bad", needed: true, detail: message, ...(hint === undefined ? {} : { hint }) };
}

/** One line for each secret that the sequence refers to and that is not there. */
function secretChecks(ports: Ports): Check[] {
  const loaded = ports.definition.load();
  return secretsOf(loaded.ok ? loaded.value.sequence : undefined).map((name): Check => {
    const [problem] = ports.missingSecrets([name]);
    const detail = problem ?? "is there";
    return {
      name: `secret ${name}`,
      state: problem === undefined ? "good" : "missing",
      needed: false,
      detail,
    };
  });
}

/** One line for each file that is to hold a proposal and holds none. */
function proposalChecks(ports: Ports): Check[] {
  return ports.proposals.unreadable().map((path) => ({
    ...{ name: "proposal", state: "bad", needed: false },
    detail: `${path} holds no whole proposal; it is left out of the inbox`,
    hint: "remove the file; who made the proposal can make it again",
  }));
}

function engineCheck(ports: Ports): Check {
  const alive = ports.engine.isAlive();
  const pid = alive ? ports.engine.info()?.pid : undefined;
  const detail = alive
    ? `alive${pid === undefined ? "" : `, pid ${pid}`}`
    : "none is alive; it starts when needed";
  return { name: "engine", state: "good", needed: false, detail };
}
