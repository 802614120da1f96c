/** The variable that tells a step in a sandbox where seqctl is answered: the path of a socket. */
export const doorVariable = "THREADOS_DOOR";

/** The largest request that a step may send from its sandbox, in bytes. */
export const maxRequestBytes = 1024 * 1024;
/** The largest answer, in characters of JSON. */
export const maxAnswerChars = 16 * 1024 * 1024;

/** Views that start programs: they are answered where they are asked, since outside nothing would confine them. */
export const answeredInside: ReadonlySet<string> = new Set(["agents.list"]);
