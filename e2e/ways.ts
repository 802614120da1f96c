/** A sequence of two steps in the group `ways`, of which the second is held, with one before and one behind them; `more` steps follow. */
export const waysText = (name: string, more = "") => `version: 1
name: ${name}
steps:
  - id: plan
    command: [echo, planned]
  - id: one
    command: [echo, one]
    depends_on: [plan]
    type: p
    group_id: ways
  - id: two
    command: [sh, -c, 'until [ -e go-two ] || [ ! -d "$PWD" ]; do sleep 0.02; done']
    depends_on: [plan]
    type: p
    group_id: ways
  - id: last
    command: [echo, last]
    depends_on: [one, two]
${more}`;
