import { readBody } from "./body";
import { replyFailure } from "./reply";
import { guarded, type Route } from "./route";
import { stepTokenOf } from "./token";
import type { Workspace } from "./visit";

/** Answers posted JSON messages behind the guard; what they mean is another surface's business. */
export function messages(
  answer: (
    request: Request,
    message: unknown,
    workspace: Workspace,
    bearer: { token?: string },
  ) => Promise<Response>,
): Route & { DELETE: Route["POST"] } {
  const handle = guarded(["POST"], async (request, { session }) => {
    const body = await readBody(request.body);
    if (!body.ok) return replyFailure(body.failure);
    const response = await answer(request, body.value, session.workspace, stepTokenOf([...request.headers]));
    response.headers.set("cache-control", "no-store");
    return response;
  });
  return { GET: handle, POST: handle, DELETE: handle };
}
