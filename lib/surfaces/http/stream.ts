import { replyFailure } from "./reply";
import { guarded, type Route } from "./route";

/** Answers with the stream of status documents, resumed after `Last-Event-ID`. */
export function statusStream(): Route {
  const handle = guarded(["GET"], async (request, visit) => {
    const opened = visit.session.feed.open(request.headers.get("last-event-id"), visit);
    if (!opened.ok) return replyFailure(opened.failure);
    const headers = {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    };
    return new Response(opened.value, { headers });
  });
  return { GET: handle, POST: handle };
}
