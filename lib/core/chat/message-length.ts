/** Most characters of one message to the chat. */
export const mostMessageChars = 20_000;
