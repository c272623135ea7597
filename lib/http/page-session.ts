import { cache } from "react"
import { findUserSession } from "@/lib/operations/sign-in/user-session"
import { run } from "./run"

/** Returns who is signed in, for the frame and the pages in it; it is looked up once for each request. */
export const pageSession = cache((organization: string | null) => run(findUserSession, organization, {}))
