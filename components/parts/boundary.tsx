"use client";

import { Component, type ReactNode } from "react";

/** Keeps a panel's crash within the panel; a slim one says so in one line. */
export class Boundary extends Component<
  { name: string; slim?: boolean; children: ReactNode },
  { message: string | null }
> {
  override state: { message: string | null } = { message: null };

  static getDerivedStateFromError(error: unknown) {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { message } = this.state;
    if (message === null) return this.props.children;
    const { slim } = this.props;
    return (
      <div role="alert" className={slim ? "broke broke-slim" : "broke"}>
        <p className="font-semibold">The {this.props.name} broke.</p>
        <p className="broke-why">{message}</p>
        <button type="button" className="button" onClick={() => this.setState({ message: null })}>
          Try again
        </button>
      </div>
    );
  }
}
