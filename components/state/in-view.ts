/** Keeps what is typed into in sight where the panel that it stands in gets another size. Lasts until what it gives is called. */
export function keepInView(): () => void {
  let isFirst = true;
  const sizes = new ResizeObserver(() => {
    // It tells the size that there is before any other.
    if (isFirst) isFirst = false;
    else document.activeElement?.scrollIntoView({ block: "nearest" });
  });
  const follow = ({ target }: FocusEvent) => {
    sizes.disconnect();
    isFirst = true;
    const field = target instanceof HTMLElement && target.matches(fields) ? target : null;
    const around = field && scrollerOf(field);
    if (around) sizes.observe(around);
  };
  document.addEventListener("focusin", follow);
  return () => {
    sizes.disconnect();
    document.removeEventListener("focusin", follow);
  };
}

const fields = "input, textarea, select";

function scrollerOf(field: HTMLElement): HTMLElement | null {
  let at = field.parentElement;
  while (at && !/auto|scroll/.test(getComputedStyle(at).overflowY)) at = at.parentElement;
  return at;
}
