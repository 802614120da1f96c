import { capital } from "../dialog/act-name";
import { outdated } from "../state/vocabulary";
import type { NodeState } from "../state/wire";

/** Marks a step whose result, or a gate whose approval, no longer counts as it was, and says why; nothing at any other node. */
export function Outdated({ node }: { node: NodeState }) {
  const told = outdated(node);
  return (
    told && (
      <span data-tone="retrying" className="tone-ink font-medium" title={capital(told.why)}>
        {told.word}
      </span>
    )
  );
}
