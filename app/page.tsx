import { redirect } from "next/navigation"
import { Refused } from "@/components/navigation/refused"
import { run } from "@/lib/http/run"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

/** Leads to the person's first organization; signed out, `run` leads to the sign-in page. */
export default async function StartPage() {
  const session = await run(findUserSession, null, {})
  if (session.ok) {
    const [first] = session.value.organizations
    redirect(first ? `/${first.slug}` : "/account")
  }
  if (session.code === "forbidden") redirect("/sign-in")
  return (
    <main>
      <Refused {...session} />
    </main>
  )
}
