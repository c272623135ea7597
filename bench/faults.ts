// What others notice when something goes wrong or has to be changed under them; absolute times, so on a quiet machine.
//   npx tsx bench/faults.ts              both of these
//   npx tsx bench/faults.ts partitions   the turn of a month beside an open export: the slowest page and append
//   npx tsx bench/faults.ts recovery     a web server killed ten times under load: how long until it is healthy again
import { measureRecovery } from "./recovery"
import { measureTurnOfMonth } from "./turn-of-month"

const only = process.argv[2]
if (only === undefined || only === "partitions") {
  for (const waiting of [0, 5_000]) console.log(await measureTurnOfMonth(waiting))
}
if (only === undefined || only === "recovery") console.log(await measureRecovery(10))
