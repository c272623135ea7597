import { cache } from "react"
import { findUserSession } from "@/lib/operations/sign-in/user-session"
import { run } from "./run"

/** Returns the signed-in person, for the frame and its pages; looked up once per request. */
export const pageSession = cache((organization: string | null) => run(findUserSession, organization, {}))
