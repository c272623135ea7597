import type { Submit } from "@/components/form/use-submit"

/** Makes the person a member; returns the url to continue with and the email to sign in with. */
export type Accept = Submit<
  { readonly slug: string; readonly email: string },
  {
    readonly token: string
    readonly account?: { readonly name: string; readonly password: string }
  }
>
