/** Where the status document lies in the query cache: the pushed one, with edits laid over it that are on their way. */
export const statusKey = ["status"] as const;
/** Where the places on the canvas lie. */
export const layoutKey = ["layout"] as const;
