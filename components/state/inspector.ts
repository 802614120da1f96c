import { useChat } from "../chat/state";
import { focusFirst, giveBackFocus } from "./focus";
import { sideForm } from "./media";
import { type InspectorTab, useView } from "./view";

/** Opens the inspector, or one of its pages; the focus goes on in it. */
export function openInspector(tab?: InspectorTab): void {
  useView.setState({
    inspectorOpen: true,
    side: "inspector",
    ...(tab === undefined ? {} : { tab, isTabAsked: true }),
  });
  focusFirst(tab === undefined ? `aside ${turns}` : "aside [role=tab][aria-selected=true]");
}

/** Leaves only the icons of the inspector; the focus goes on in them. */
export function closeInspector(): void {
  useView.setState({ inspectorOpen: false, side: "chat" });
  focusFirst(`aside ${turns}`);
}

/** Opens or closes it from elsewhere: the focus stays where it is, if that is still there. */
export function toggleInspector(): void {
  const { inspectorOpen, side } = useView.getState();
  const isThere = isShared() ? side === "inspector" : inspectorOpen;
  useView.setState({ inspectorOpen: !isThere, side: isThere ? "chat" : "inspector" });
  giveBackFocus();
}

/** Whether it shares its place with the chat. */
const isShared = () => useChat.getState().open && sideForm() === "tabs";

/** The button that opens or closes it. */
const turns = '[aria-label$=" the inspector"]';
