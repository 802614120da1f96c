/** What a step's token begins with, so that it is known for what it is wherever it turns up. */
export const tokenPrefix = "tos_";

/** Whether a text has the form of a step's token: 256 bits in base64url behind the prefix. */
export function isStepToken(text: string): boolean {
  return /^tos_[A-Za-z0-9_-]{43}$/.test(text);
}

/** One attempt of one step in one run. */
export interface AttemptId {
  run: string;
  step: string;
  attempt: number;
}
