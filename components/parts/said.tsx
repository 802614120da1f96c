import { sentenceOf } from "./sentence";

/** What the door says, for the eye: a sentence that begins as one, with what is to be typed set as code. */
export function Said({ text }: { text: string }) {
  return sentenceOf(text).map(({ text, isCode }, index) =>
    isCode ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces are the text itself
      <code key={index} className="font-mono">
        {text}
      </code>
    ) : (
      text
    ),
  );
}
