"use client";

import { setNotify, useNotify } from "../state/notify";

/** Lets a person ask to be called when they are needed. */
export function NotifySwitch() {
  const on = useNotify((notify) => notify.on);
  if (typeof Notification === "undefined") return null;
  return (
    <label className="notify">
      <input type="checkbox" checked={on} onChange={(event) => void setNotify(event.target.checked)} />
      Notify me when I am needed and looking elsewhere
    </label>
  );
}
