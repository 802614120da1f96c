"use client";

import { useEffect, useMemo } from "react";
import { clearedBy } from "../../lib/core/sequence/beside";
import { graphOf } from "../canvas/graph";
import { afterOf } from "../canvas/judge";
import { settings } from "../forms/settings";
import { Lines } from "../parts/skeleton";
import { draftOf } from "../state/drafts";
import { useSession } from "../state/provider";
import { useDefinition, useStatus } from "../state/queries";
import { rememberStood } from "../state/stranded";
import { isGate, type NodeState } from "../state/wire";
import { DefinitionForm } from "./definition-form";
import { PromptEditor } from "./prompt";

/** The form that changes a step or gate. */
export function Edit({ node }: { node: NodeState }) {
  const { api } = useSession();
  const { data, error } = useDefinition(node.id);
  const plan = useStatus(graphOf) ?? [];
  const itself = useMemo(() => new Set([node.id]), [node.id]);
  const later = useMemo(() => new Set([node.id, ...afterOf(plan, node.id)]), [plan, node.id]);
  const kind = isGate(node) ? "gate" : "step";
  useEffect(() => {
    if (data) rememberStood(node.id, { kind, definition: data.definition });
  }, [node.id, kind, data]);
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  if (!data) return <Lines widths={["40%", "90%", "40%", "90%"]} />;
  return (
    <>
      {!isGate(node) && node.model !== "shell" && <PromptEditor id={node.id} />}
      <DefinitionForm
        label={`Edit ${node.id}`}
        draft={draftOf.edit(node.id)}
        {...settings[kind]}
        about={{ id: node.id }}
        definition={data.definition}
        revision={data.revision}
        read={() => api.step(node.id)}
        clears={clearedBy}
        without={(key) => (key === "depends_on" ? later : itself)}
      />
    </>
  );
}
