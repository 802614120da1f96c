"use client";

import { Suspense, useEffect } from "react";
import { Dialog } from "../dialog/dialog";
import { CloseIcon } from "../parts/icons";
import { loadable } from "../parts/loadable";
import { IconButton } from "../parts/tool-button";
import { useView } from "../state/view";
import { Inbox } from "../toolbar/inbox";
import { keymap, otherKeys, sayKeys } from "./keymap";

const close = () => useView.setState({ front: null });
const Palette = loadable("palette", () => import("./palette").then(({ Palette }) => Palette), { close });
const ActionForm = loadable(
  "form",
  () => import("../forms/action-form").then(({ ActionForm }) => ActionForm),
  {
    close: () => useView.setState({ form: null }),
  },
);

/** In two columns, each in full: nothing is left to the balance of columns, which may put some out of sight. */
const columns = [
  ["Everywhere", "Canvas"],
  ["Dock", "Selection"],
] as const;

/** The window in front of everything, if one was asked for. */
export function Front() {
  const front = useView((view) => view.front);
  const form = useView((view) => view.form);
  // Whoever opens the palette types on at once: it is there before, once the page has nothing else to do.
  useEffect(() => {
    const wanted = requestIdleCallback(() => void Palette.prepare(), { timeout: 4000 });
    return () => cancelIdleCallback(wanted);
  }, []);
  if (front === "keys") return <Keys />;
  if (front === "inbox") return <Inbox />;
  return (
    <Suspense fallback={null}>
      {front === "palette" && <Palette />}
      {form !== null && <ActionForm key={form} name={form} />}
    </Suspense>
  );
}

/** What the keys do, from the keymap itself. */
function Keys() {
  const all = [...keymap, ...otherKeys];
  return (
    <Dialog open onClose={close} title="Keys" className="w-200">
      <span className="dialog-close">
        <IconButton label="Close" icon={CloseIcon} onPress={close} />
      </span>
      <div className="keys">
        {columns.map((scopes) => (
          <div key={scopes[0]}>
            {scopes.map((scope) => (
              <section key={scope} aria-label={scope}>
                <h3 className="section-title mb-1">{scope}</h3>
                <dl>
                  {all
                    .filter((binding) => binding.scope === scope)
                    .map(({ keys, title }) => (
                      <div key={keys + title}>
                        <dt>{title}</dt>
                        <dd>
                          <kbd>{sayKeys(keys)}</kbd>
                        </dd>
                      </div>
                    ))}
                </dl>
              </section>
            ))}
          </div>
        ))}
      </div>
    </Dialog>
  );
}
