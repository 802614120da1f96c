/**
 * What a step's pane runs: a shell that waits without using anything until the run's pane tells it what to show, since
 * some hundred programs of ours would fill the memory. `attach <n>` on the pipe shows an attempt under way, `show` the
 * text of one that has ended. TERM is mprocs' stop: the step is stopped through the one door. A pane that is started
 * again is a person's wish to start the step. Arguments: the panes' folder, the step, then the words of seqctl.
 */
export const paneScript = [
  "folder=$1 step=$2; shift 2",
  'exec 3<&0 4<>"$folder/$step.wake"',
  "shown=",
  // When mprocs quits, all panes are told to stop, the run's pane first: that is no wish to stop any step.
  'trap \'trap "" TERM; [ -z "$shown" ] || kill "$shown"; sleep 0.3; [ -e "$folder/closing" ] || "$@" stop "$step" 4<&-; exit 0\' TERM',
  'if [ -e "$folder/$step.began" ]; then',
  '  "$@" mprocs start "$step" <&3 4<&- &',
  '  shown=$!; wait "$shown"; shown=',
  "else",
  '  : > "$folder/$step.began"',
  '  echo "waiting for $step"',
  "fi",
  "while read -r what attempt <&4; do",
  "  printf '\\033[H\\033[2J'",
  '  if [ "$what" = show ]; then cat "$folder/$step.text"; continue; fi',
  '  "$@" attach "$step" --attempt "$attempt" <&3 4<&- &',
  '  shown=$!; wait "$shown"; shown=',
  "done",
].join("\n");

/** What the run's pane runs: the program that wakes the others. Arguments: the panes' folder, then the words of seqctl. */
export const runScript = [
  "folder=$1; shift",
  'rm -f "$folder/closing"',
  'echo "$$" > "$folder/pid"',
  'trap \': > "$folder/closing"; kill "$watch"; exit 0\' TERM',
  '"$@" mprocs watch & watch=$!',
  'wait "$watch"',
].join("\n");

/**
 * What an mprocs that listens is started through, so that its process is known before. Where whoever opens it was killed, nobody
 * has kept steps from the network until now: then it looks again. Arguments: the file for its process, the opener's process, the
 * note of the network, then the words of mprocs.
 */
export const listeningScript = [
  "file=$1 opener=$2 networked=$3; shift 3",
  'echo "$$" > "$file"',
  'kill -0 "$opener" 2>/dev/null || [ ! -e "$networked" ] || exit 1',
  'exec "$@"',
].join("\n");
