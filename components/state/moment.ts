/** A moment (ms since the epoch) in the reader's own time zone and habits; the date only where it is not today. */
export function sayMoment(at: number): string {
  const moment = new Date(at);
  const time = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return moment.toDateString() === new Date().toDateString()
    ? time
    : `${moment.toLocaleDateString()}, ${time}`;
}
