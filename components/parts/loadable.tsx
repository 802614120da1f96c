"use client";

import { Component, type ComponentType, lazy, type ReactNode, useEffect, useRef } from "react";
import { loadCode, NotLoaded } from "../state/code";
import { useView } from "../state/view";

interface Options<P> {
  /** What is drawn where it could not be loaded; what says so, if left out. */
  without?: ComponentType<P>;
  /** Lets go of it, for what stands in front of the page. */
  close?: () => void;
}

/** A part whose code is loaded when it is drawn. */
export type Loadable<P> = ComponentType<P> & {
  /** Loads the code before. */
  prepare: () => Promise<unknown>;
};

/**
 * Makes a part whose code is loaded when it is drawn first. Where that fails it says so in the part's place, and loads it
 * again when asked to, when it is drawn anew, and as soon as the server is back: React's `lazy` alone fails for good.
 */
export function loadable<P extends object>(
  name: string,
  code: () => Promise<ComponentType<P>>,
  { without: Without, close }: Options<P> = {},
): Loadable<P> {
  let hasFailed = false;
  const begin = () =>
    lazy(() =>
      loadCode(code).then(
        (part) => ({ default: part as ComponentType<object> }),
        (error) => {
          hasFailed = true;
          throw error;
        },
      ),
    );
  let Part = begin();
  const again = () => {
    if (hasFailed) Part = begin();
    hasFailed = false;
  };
  // biome-ignore lint/correctness/noComponentHookFactories: a part is made once, when its module is loaded, as by `lazy`
  function Loaded(props: P) {
    const draw = () => <Part {...props} />;
    const say = (error: NotLoaded, retry: () => void) =>
      Without ? (
        <>
          <Back onBack={retry} />
          <Without {...props} />
        </>
      ) : (
        <Missing name={name} isGone={error.isGone} onAgain={retry} close={close} />
      );
    return <Holder draw={draw} say={say} again={again} />;
  }
  return Object.assign(Loaded, { prepare: () => code().catch(() => undefined) });
}

interface Held {
  draw: () => ReactNode;
  say: (error: NotLoaded, retry: () => void) => ReactNode;
  again: () => void;
}

/** Keeps what could not be loaded from breaking what stands around it. */
class Holder extends Component<Held, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  retry = () => {
    this.props.again();
    this.setState({ error: null });
  };

  override componentWillUnmount() {
    // Whoever comes back to it asks for it again.
    if (this.state.error !== null) this.props.again();
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.draw();
    if (!(error instanceof NotLoaded)) throw error;
    return this.props.say(error, this.retry);
  }
}

interface Shown {
  name: string;
  isGone: boolean;
  onAgain: () => void;
  close: (() => void) | undefined;
}

function Missing({ name, isGone, onAgain, close }: Shown) {
  return (
    <div role="alert" className={close ? "broke broke-slim" : "broke"}>
      <p className="font-semibold">The {name} could not be loaded.</p>
      <p className="text-muted">
        {isGone ? "ThreadOS was updated since this page was loaded." : "The server can't be reached."}
      </p>
      {isGone ? (
        <button type="button" className="button" onClick={() => location.reload()}>
          Load the page anew
        </button>
      ) : (
        <>
          <Back onBack={onAgain} />
          <button type="button" className="button" onClick={onAgain}>
            Try again
          </button>
        </>
      )}
      {close && (
        <button type="button" className="button" onClick={close}>
          Close
        </button>
      )}
    </div>
  );
}

/** Tells when the server can be reached again. */
function Back({ onBack }: { onBack: () => void }) {
  const isLive = useView((view) => view.connection === "live");
  const wasLive = useRef(isLive);
  useEffect(() => {
    if (isLive && !wasLive.current) onBack();
    wasLive.current = isLive;
  }, [isLive, onBack]);
  return null;
}
