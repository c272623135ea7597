import type { Metadata } from "next"
import { GoBack } from "@/components/sign-in/go-back"

export const metadata: Metadata = { title: "Signing in" }

/** Where the OpenID provider leads back to when the address to go on with is too long for the way there. */
export default function ContinuePage() {
  return <GoBack />
}
