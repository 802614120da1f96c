import type { ReactNode } from "react";

function Icon({ children, size = 16 }: { children: ReactNode; size?: number | undefined }) {
  return (
    <svg
      className="shrink-0"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** ThreadOS's mark: two nodes on one thread. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg className="shrink-0" width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <path d="M4 5.5h5.2c5.6 0 -.6 9 5 9H16" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      <circle cx="4.4" cy="5.5" r="2.6" fill="currentColor" />
      <circle cx="15.6" cy="14.5" r="2.6" fill="currentColor" />
    </svg>
  );
}

/** What runs a step: a shell's prompt, or the spark of an agent. */
export function KindIcon({ model, size }: { model: string; size?: number }) {
  if (model === "shell") {
    return (
      <Icon size={size}>
        <path d="m2.8 4.4 3.6 3.6-3.6 3.6M8.6 11.8h4.6" />
      </Icon>
    );
  }
  return (
    <Icon size={size}>
      <path d="M8 1.8c.5 3.6 2.6 5.7 6.2 6.2-3.6.5-5.7 2.6-6.2 6.2-.5-3.6-2.6-5.7-6.2-6.2C5.4 7.5 7.5 5.4 8 1.8Z" />
    </Icon>
  );
}

/** A plus sign. */
export const PlusIcon = () => (
  <Icon>
    <path d="M8 3.2v9.6M3.2 8h9.6" />
  </Icon>
);

/** A minus sign. */
export const MinusIcon = () => (
  <Icon>
    <path d="M3.2 8h9.6" />
  </Icon>
);

/** Four corners around the whole. */
export const FitIcon = () => (
  <Icon>
    <path d="M2.6 5.8V2.6h3.2M10.2 2.6h3.2v3.2M13.4 10.2v3.2h-3.2M5.8 13.4H2.6v-3.2" />
  </Icon>
);

/** Two sheets. */
export const CopyIcon = () => (
  <Icon size={14}>
    <rect x="5.6" y="5.6" width="8" height="8" rx="1.6" />
    <path d="M10.4 2.8H4a1.6 1.6 0 0 0-1.6 1.6v6" />
  </Icon>
);

/** A tick. */
export const CheckIcon = () => (
  <Icon size={14}>
    <path d="m3.2 8.4 3.2 3.2 6.4-7.2" />
  </Icon>
);

/** A cross, to put something away. */
export const CloseIcon = () => (
  <Icon size={14}>
    <path d="m3.6 3.6 8.8 8.8m0-8.8-8.8 8.8" />
  </Icon>
);

/** An angle that points down; turned by its parent where it has to point elsewhere. */
export const ChevronIcon = () => (
  <Icon size={14}>
    <path d="m3.6 6 4.4 4.4L12.4 6" />
  </Icon>
);
