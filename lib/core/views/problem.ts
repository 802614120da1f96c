/** Something that is wrong with the workspace's files, or worth a second look. */
export interface ProblemDoc {
  /** `error`: nothing goes on before it is mended. `warning`: it goes on, but perhaps not as was meant. */
  severity: "error" | "warning";
  code: string;
  message: string;
  hint: string | null;
  /** The step or gate that it is about. */
  node: string | null;
  file: string;
  /** Counted from 1; null where no place can be named. */
  line: number | null;
  column: number | null;
  /** The line itself. */
  excerpt: string | null;
}
