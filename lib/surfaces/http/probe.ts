import { refuse } from "./refusal";
import { jsonHeaders, replyFailure } from "./reply";
import { currentVisit } from "./visit";

/** The header that carries the answer to a challenge. */
export const PROOF = "x-threados-proof";

const CHALLENGE = /^[A-Za-z0-9_-]{22,64}$/;

/** Says that the process answers, and to a challenge, that it holds the token of its link. */
export async function healthz({ url }: { url: string }): Promise<Response> {
  const challenge = new URL(url).searchParams.get("challenge") ?? "";
  const proof = CHALLENGE.test(challenge) ? currentVisit()?.session.prove(challenge) : undefined;
  return reply(200, { ok: true }, proof === undefined ? {} : { [PROOF]: proof });
}

/** Says whether the workspace can be worked with, and if not, the code of the reason; details need the token. */
export async function readyz(): Promise<Response> {
  const visit = currentVisit();
  if (!visit) return replyFailure(refuse(421, "this page is served by `seqctl ui` only"));
  const status = await visit.session.workspace.query("status", {});
  return status.ok ? reply(200, { ok: true }) : reply(503, { ok: false, code: status.failure.code });
}

function reply(status: number, value: unknown, more: Record<string, string> = {}): Response {
  const body = JSON.stringify(value);
  return new Response(body, { status, headers: { ...jsonHeaders(body), ...more } });
}
