import { AppError } from "@/lib/errors"

const advice =
  "Ask for less: set query.timestamp_to to the timestamp of the last entry you have (timestamp_from with sort_ascending), and begin again at page 1."

/** Returns the refusal of a page that lies too far back, or whose search was stopped before the page was full. */
export function tooDeep(why: string): AppError {
  return new AppError("invalid", `${why} ${advice}`, {
    subcode: "too-deep",
    faults: [{ pointer: "/pagination/page", message: why }],
  })
}
