const file = /^([0-9A-HJKMNP-TV-Z]{26})\.jsonl$/;

/** The conversation that a file of that name in the chat's folder holds; undefined if it holds none. */
export const conversationIn = (name: string): string | undefined => file.exec(name)?.[1];
