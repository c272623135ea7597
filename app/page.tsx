import { redirect } from "next/navigation"
import { Refused } from "@/components/navigation/refused"
import { run } from "@/lib/http/run"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

/** Redirects to the organization that the person used last; signed out, `run` redirects to the sign-in page. */
export default async function StartPage() {
  const session = await run(findUserSession, null, {})
  if (session.ok) {
    const [latest] = session.value.organizations.toSorted(byLastUse)
    redirect(latest ? `/${latest.slug}` : "/account")
  }
  if (session.code === "forbidden") redirect("/sign-in")
  return (
    <main>
      <Refused {...session} />
    </main>
  )
}

// Instants have a fixed form and sort as text; organizations never used come last.
function byLastUse(
  a: { readonly lastSeenAt: string | null },
  b: { readonly lastSeenAt: string | null },
): number {
  return (b.lastSeenAt ?? "").localeCompare(a.lastSeenAt ?? "")
}
