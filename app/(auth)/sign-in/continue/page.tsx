import type { Metadata } from "next"
import { GoBack } from "@/components/sign-in/go-back"

export const metadata: Metadata = { title: "Signing in" }

/** The page to which the OpenID provider leads back when the target url is too long for the flow. */
export default function ContinuePage() {
  return <GoBack />
}
