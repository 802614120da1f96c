import { groupBox } from "../canvas/elements";
import { giveBackFocus } from "../state/focus";
import { lookAway } from "../state/look";
import { select, selection, useView } from "../state/view";

/** Ends the selection; the focus stays with what was selected. */
export function endSelection(): void {
  const view = useView.getState();
  const last = view.group === null ? selection(view).at(-1) : groupBox(view.group);
  select(null);
  giveBackFocus(last);
}

/** What Escape does outside of windows: back to now, else the selection and the search end. Whether there was anything. */
export function stepBack(): boolean {
  if (lookAway()) return true;
  const view = useView.getState();
  if (selection(view).length === 0 && view.edge === null && view.group === null && view.search === "")
    return false;
  useView.setState({ search: "" });
  endSelection();
  return true;
}
