import { ApiError } from "../state/api";
import { tell } from "../state/news";
import { useView } from "../state/view";
import type { ChatApi } from "./chat-api";
import { useChat } from "./state";
import { promptsIn } from "./told";
import type { DraftCall } from "./wire";

/** A proposal as the inbox tells of it. */
interface Waiting {
  id: string;
  summary: string;
  calls: readonly { action: string; input: unknown }[];
}

/** Draws a proposal of the inbox on the canvas, as it would do now; the inbox gives way to it. */
export async function drawWaiting(
  api: Pick<ChatApi, "preview">,
  { id, summary, calls }: Waiting,
): Promise<void> {
  try {
    const { changes, forecast } = await api.preview({ proposal: id });
    const prompts = promptsIn(calls as Pick<DraftCall, "action" | "input">[]);
    const drawn = { proposal: id, changes, prompts, bare: forecast.bare ?? [], summary };
    useView.setState({ front: null, asList: false });
    useChat.setState({ drawn });
  } catch (error) {
    const { message, hint } =
      error instanceof ApiError ? error.refusal : { message: String(error), hint: undefined };
    tell("failed", message, hint);
  }
}
