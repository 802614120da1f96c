"use client";

import type { ComponentType } from "react";
import { isPast } from "../state/doing";

/** A button of a tool bar that shows only an icon: its name is said, and shown to whoever points at it. */
export function ToolButton(props: {
  label: string;
  icon: ComponentType<{ size?: number; "aria-hidden"?: true }>;
  onPress?: (() => void) | undefined;
  /** Shown instead of the name, such as the name with its key. */
  tip?: string | undefined;
  size?: number;
  look?: string;
  type?: "button" | "submit";
  /** Whether it is on, of what is switched by it. */
  pressed?: boolean;
  disabled?: boolean;
  /** There is nothing for it to do now. It keeps the focus: who gets there by pressing it can go on from it. */
  idle?: boolean;
  /** The past is looked at, where it can do nothing: a press says so. */
  past?: boolean;
}) {
  const {
    label,
    icon: Icon,
    onPress,
    tip = label,
    size = 15,
    look,
    type = "button",
    pressed,
    disabled,
  } = props;
  return (
    <button
      type={type}
      {...(look === undefined ? {} : { className: look })}
      aria-label={label}
      title={tip}
      disabled={disabled}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      {...(props.past
        ? { "aria-disabled": true, onClick: isPast }
        : props.idle
          ? { "aria-disabled": true }
          : { onClick: onPress })}
    >
      <Icon size={size} aria-hidden={true} />
    </button>
  );
}

/** One that stands by itself, without a frame around its bar. */
export const IconButton = (props: Omit<Parameters<typeof ToolButton>[0], "look">) => (
  <ToolButton {...props} look="icon-button" />
);
