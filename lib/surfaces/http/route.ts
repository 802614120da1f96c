import type { Failure } from "../../core/failure";
import { renderFailure } from "../../core/failure-table";
import { thrownFailure } from "../../core/failure-thrown";
import { err, type Result } from "../../core/result";
import { readBody } from "./body";
import { checkBody, checkHost, checkOrigin, type Headers } from "./guard";
import { methodsOf, type NounName, readCall, readQuestion } from "./nouns";
import { refuse } from "./refusal";
import { replyFailure, replyJson, replyPolitely } from "./reply";
import { stepTokenOf } from "./token";
import { currentVisit, type Session, type Visit } from "./visit";

/** What Next hands to a route handler beside the request. */
interface RouteContext {
  /** Undefined inside for an address without parameters. */
  params: Promise<object | undefined>;
}

/** A handler of one address. */
export type Handler = (request: Request, context: RouteContext) => Promise<Response>;

/** The handlers of an address of the API. */
export interface Route {
  GET: Handler;
  POST: Handler;
}

/** Answers an address of the API: its view on GET, its actions on POST. */
export function route(name: NounName): Route {
  const methods = methodsOf(name);
  const handle = guarded(methods, async (request, { session }, context) => {
    const result =
      request.method === "POST"
        ? await act(name, request, session)
        : await show(name, request, context, session);
    if (result.ok) return replyJson(result.value, request);
    return asksPolitely(request, result.failure)
      ? replyPolitely(result.failure)
      : replyFailure(result.failure);
  });
  return { GET: handle, POST: handle };
}

/**
 * What a client accepts that takes a question or a refusal as an answer, not as a failure: a browser reports each 4xx
 * on its console.
 */
const answerType = "application/vnd.threados.answer+json";

/** What looking at the record has found is an answer, too. */
const findings = new Set<Failure["code"]>(["audit.corrupt", "journal.changed"]);

/** Whether a question or a refusal is to be answered as an answer; who is not let in, and a bug, stay failures. */
export const asksPolitely = (request: Request, failure: Failure) => {
  const { http } = renderFailure(failure);
  const isOne = (http >= 400 && http < 500 && http !== 401) || findings.has(failure.code);
  return isOne && accepts(request, answerType);
};

const accepts = (request: Request, type: string) => (request.headers.get("accept") ?? "").includes(type);

/** Answers every address below /api/ that no other route does, in the words of the API. */
export function unknownAddress(): Route {
  const handle = guarded(["GET", "POST"], async ({ url }) =>
    replyFailure(refuse(404, `there is no address ${new URL(url).pathname}`)),
  );
  return { GET: handle, POST: handle };
}

/** Wraps a handler in the second guard: whatever got past the first one is asked everything that matters again. */
export function guarded(
  methods: readonly string[],
  answer: (request: Request, visit: Visit, context: RouteContext) => Promise<Response>,
): Handler {
  return async (request, context) => {
    const visit = currentVisit();
    if (!visit) return replyFailure(refuse(421, "this page is served by `seqctl ui` only"));
    const refusal = checkAgain(request, visit.session, methods);
    if (refusal) return replyFailure(refusal, methods);
    try {
      return await answer(request, visit, context);
    } catch (error) {
      console.error(error);
      return replyFailure(thrownFailure(error));
    }
  };
}

function checkAgain(request: Request, session: Session, methods: readonly string[]): Failure | undefined {
  const headers: Headers = [...request.headers];
  const target = { path: "", query: "", area: "api" as const };
  return (
    checkHost(headers, session.port) ??
    checkOrigin(headers, session.port, target) ??
    session.authorize(headers) ??
    (methods.includes(request.method) ? undefined : refuse(405, `${request.method} is not possible here`)) ??
    (request.method === "POST" ? checkBody(headers) : undefined)
  );
}

async function act(name: NounName, request: Request, session: Session): Promise<Result<unknown>> {
  const body = await readBody(request.body);
  if (!body.ok) return body;
  const call = readCall(name, body.value);
  if (!call.ok) return call;
  const { action, input, options } = call.value;
  const caller = { actor: "user", surface: "http", ...stepTokenOf([...request.headers]) } as const;
  const done = await session.workspace.dispatch({ action, input }, caller, options);
  if (done.ok && !options.dryRun) session.feed.look();
  return done;
}

async function show(
  name: NounName,
  request: Request,
  context: RouteContext,
  session: Session,
): Promise<Result<unknown>> {
  const query = new URL(request.url).searchParams;
  const question = readQuestion(name, query, { ...(await context.params) });
  if (!question.ok) return err(question.failure);
  const isAgent = stepTokenOf([...request.headers]).token !== undefined;
  return session.workspace.query(question.value.view, question.value.input, isAgent);
}
