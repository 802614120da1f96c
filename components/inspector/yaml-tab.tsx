"use client";

import { useState } from "react";
import { Lines } from "../parts/skeleton";
import { useView } from "../state/view";
import { isGate, type NodeState } from "../state/wire";
import { BrokenFile } from "./broken-file";
import { FileEditor } from "./file-editor";
import { useFileText } from "./file-text";

/** The node's own lines of the file, or the whole of it: to be read, changed with completion, and saved as one change. */
export function YamlTab({ node }: { node: NodeState }) {
  const { data, error } = useFileText();
  const [wanted, setWhole] = useState(false);
  const refused = useView((view) => view.refusal !== null);
  if (error && refused) return <BrokenFile />;
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  if (!data) return <Lines widths={["40%", "80%", "60%", "70%"]} />;
  // Where the lines of one node begin and end can't be told of a text that can't be read.
  const isBroken = data.fault !== null;
  const whole = wanted || isBroken;
  return (
    <section aria-label="YAML" className="flex flex-col gap-2">
      {refused && <BrokenFile mend={false} />}
      <fieldset className="switch" aria-label="What to show">
        <button type="button" aria-pressed={!whole} disabled={isBroken} onClick={() => setWhole(false)}>
          {isGate(node) ? "This gate" : "This step"}
        </button>
        <button type="button" aria-pressed={whole} onClick={() => setWhole(true)}>
          The whole file
        </button>
      </fieldset>
      <FileEditor key={String(whole)} {...(whole ? {} : { only: node })} at={node.id} file={data} />
    </section>
  );
}
