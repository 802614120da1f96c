import { renderFailure } from "../../lib/core/failure-table";
import { readLocated } from "../../lib/core/sequence/source";
import { validateSequence } from "../../lib/core/sequence/validate";
import type { Marker } from "../editor/code-editor";

const file = "sequence.yaml";

/** What core finds wrong with a text of the sequence, at its place. */
export function faultsIn(text: string): Marker[] {
  const source = readLocated(text, file);
  const read = source.ok ? validateSequence(source.value.value, source.value.locate) : source;
  if (read.ok) return [];
  const { place } = read.failure;
  const { message } = renderFailure(read.failure);
  return [{ line: place?.line ?? 1, column: place?.column ?? 1, length: place?.length ?? 1, message }];
}
