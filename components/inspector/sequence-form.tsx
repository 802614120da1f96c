"use client";

import { useMemo } from "react";
import { settings } from "../forms/settings";
import { Lines } from "../parts/skeleton";
import { draftOf } from "../state/drafts";
import { useSession } from "../state/provider";
import { useSequence } from "../state/queries";
import type { SequenceDocument } from "../state/wire";
import { DefinitionForm } from "./definition-form";
import type { Definition } from "./typed";

const definitionOf = ({ revision, sequence }: SequenceDocument) => {
  const { version: _, steps: __, gates: ___, ...head } = sequence;
  return { revision, definition: head as unknown as Definition };
};

/** The form for what holds for the whole sequence: its name, defaults, parameters and rules. */
export function SequenceForm() {
  const { api } = useSession();
  const { data: file, error } = useSequence();
  const data = useMemo(() => file && definitionOf(file), [file]);
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  if (!data) return <Lines widths={["40%", "90%", "40%", "90%"]} />;
  return (
    <DefinitionForm
      label="Edit the sequence"
      draft={draftOf.sequence()}
      {...settings.sequence}
      about={{}}
      definition={data.definition}
      revision={data.revision}
      read={() => api.sequence().then(definitionOf)}
    />
  );
}
