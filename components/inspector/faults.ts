import { renderFailure } from "../../lib/core/failure-table";
import { locate, readSource } from "../../lib/core/sequence/source";
import { validateSequence } from "../../lib/core/sequence/validate";
import type { Marker } from "../editor/code-editor";

const file = "sequence.yaml";

/** What core finds wrong with a text of the sequence, at its place. */
export function faultsIn(text: string): Marker[] {
  const value = readSource(text, file);
  const read = value.ok
    ? validateSequence(value.value, (path, what) => locate(text, file, path, what))
    : value;
  if (read.ok) return [];
  const { place } = read.failure;
  const { message } = renderFailure(read.failure);
  return [{ line: place?.line ?? 1, column: place?.column ?? 1, length: place?.length ?? 1, message }];
}
