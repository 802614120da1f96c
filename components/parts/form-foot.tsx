/** The end of a form that is given up or sent. */
export function FormFoot({ submit, onCancel }: { submit: string; onCancel: () => void }) {
  return (
    <div className="form-foot">
      <button type="button" className="button" onClick={onCancel}>
        Cancel
      </button>
      <button type="submit" className="button button-main">
        {submit}
      </button>
    </div>
  );
}
