import { refuse } from "./refusal";
import { jsonHeaders, replyFailure } from "./reply";
import { currentVisit } from "./visit";

/** Says that the process answers. */
export async function healthz(): Promise<Response> {
  return reply(200, { ok: true });
}

/** Says whether the workspace can be worked with, and if not, the code of the reason; details need the token. */
export async function readyz(): Promise<Response> {
  const visit = currentVisit();
  if (!visit) return replyFailure(refuse(421, "this page is served by `seqctl ui` only"));
  const status = await visit.session.workspace.query("status", {});
  return status.ok ? reply(200, { ok: true }) : reply(503, { ok: false, code: status.failure.code });
}

function reply(status: number, value: unknown): Response {
  const body = JSON.stringify(value);
  return new Response(body, { status, headers: jsonHeaders(body) });
}
