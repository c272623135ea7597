import type { ReactNode } from "react"
import { SignInFrame } from "@/components/sign-in/sign-in-frame"

export default function AuthLayout({ children }: { readonly children: ReactNode }) {
  return <SignInFrame>{children}</SignInFrame>
}
