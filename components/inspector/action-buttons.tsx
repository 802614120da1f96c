import { type Command, isFirstClick } from "../commands/command";

/** Commands as a row of buttons that say their names. */
export function ActionButtons({ label, commands }: { label: string; commands: Command[] }) {
  return (
    <div role="toolbar" aria-label={label} className="flex flex-wrap gap-1.5">
      {commands.map(({ id, title, icon: Icon, line, danger, run }) => (
        <button
          key={id}
          type="button"
          className="button act"
          data-danger={danger}
          title={line}
          onClick={(event) => isFirstClick(event) && run()}
        >
          <Icon size={13} aria-hidden="true" /> {title}
        </button>
      ))}
    </div>
  );
}
