import { focusFirst, giveBackFocus } from "./focus";
import { type InspectorTab, useView } from "./view";

/** Opens the inspector, or one of its pages; the focus goes on in it. */
export function openInspector(tab?: InspectorTab): void {
  useView.setState({ inspectorOpen: true, ...(tab === undefined ? {} : { tab }) });
  focusFirst(tab === undefined ? `aside ${turns}` : "aside [role=tab][aria-selected=true]");
}

/** Leaves only the icons of the inspector; the focus goes on in them. */
export function closeInspector(): void {
  useView.setState({ inspectorOpen: false });
  focusFirst(`aside ${turns}`);
}

/** Opens or closes it from elsewhere: the focus stays where it is, if that is still there. */
export function toggleInspector(): void {
  useView.setState(({ inspectorOpen }) => ({ inspectorOpen: !inspectorOpen }));
  giveBackFocus();
}

/** The button that opens or closes it. */
const turns = '[aria-label$=" the inspector"]';
