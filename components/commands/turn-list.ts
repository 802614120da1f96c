import { focusNode, nodeWithFocus } from "../state/focus";
import { selection, useView } from "../state/view";

/** Shows the graph as a list, or as a graph again; the keyboard goes on from the same node there. */
export function turnList(): void {
  const id = nodeWithFocus() ?? selection(useView.getState()).at(-1);
  useView.setState(({ asList }) => ({ asList: !asList }));
  if (id !== undefined) focusNode(id);
}
