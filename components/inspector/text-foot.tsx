interface TextFootProps {
  /** What is edited, as a word in a sentence. */
  what: string;
  /** Somebody else changed the same lines: what they wrote or what was typed has to be chosen before anything is saved. */
  conflict: { theirs(): void; mine(): void } | undefined;
  isChanged: boolean;
  /** Whether it was to be saved as it stands. */
  isTried: boolean;
  /** Said while nothing is changed. */
  hint: string;
  save: string;
  canSave: boolean;
  onDiscard(): void;
  onSave(): void;
}

/** Below a text that is edited as one: the choice where it changed meanwhile, and what becomes of what was typed. */
export function TextFoot({
  what,
  conflict,
  isChanged,
  isTried,
  hint,
  save,
  canSave,
  onDiscard,
  onSave,
}: TextFootProps) {
  return (
    <>
      {conflict && (
        <div className="field-error flex flex-wrap items-baseline gap-x-2" role="alert">
          {isTried ? "Not saved: the" : "The"} {what} changed in the same lines meanwhile.
          <button type="button" className="link" onClick={conflict.theirs}>
            Take theirs
          </button>
          <button type="button" className="link" onClick={conflict.mine}>
            Keep mine
          </button>
        </div>
      )}
      <div className="form-foot text-foot">
        <span className="mr-auto text-sm text-faint" role="status">
          {isChanged ? "not saved" : hint}
        </span>
        <button type="button" className="button" disabled={!isChanged} onClick={onDiscard}>
          Discard
        </button>
        <button
          type="button"
          className="button button-main"
          disabled={!isChanged || !canSave || conflict !== undefined}
          onClick={onSave}
        >
          {save}
        </button>
      </div>
    </>
  );
}
