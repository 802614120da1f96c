/** Says that a form still holds what was typed before it was closed, and lets it begin anew. */
export function KeptNote({ onForget }: { onForget: () => void }) {
  return (
    <p role="status" className="field-hint">
      This is what you had typed.{" "}
      <button
        type="button"
        className="link"
        onClick={({ currentTarget }) => {
          onForget();
          // It goes away, and one begins with the first field.
          currentTarget
            .closest("form")
            ?.querySelector<HTMLElement>(".field :is(input, textarea, select)")
            ?.focus();
        }}
      >
        Begin anew
      </button>
    </p>
  );
}
