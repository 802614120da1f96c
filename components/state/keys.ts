/** Where the status document lies in the query cache: the pushed one, with edits laid over it that are on their way. */
export const statusKey = ["status"] as const;
/** Where the places on the canvas lie. */
export const layoutKey = ["layout"] as const;
/** Where the picture of a run lies that is looked at instead of the present. */
export const shownKey = ["shown"] as const;
/** Where all that a run's pictures are made of lies. */
export const replayKey = (run: string) => ["replay", run] as const;
