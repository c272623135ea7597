import { randomUUID } from "node:crypto"
import type pg from "pg"
import { hashPassword } from "@/lib/access/sign-in/password"
import type { Dataset } from "./dataset"

const email = "bench@example.com"
const password = "a password of the bench only"

/** Returns the cookies of an administrator of the largest organization, signed in as a browser does. */
export async function signIn(
  url: string,
  { bare, dataset }: { readonly bare: pg.Pool; readonly dataset: Dataset },
): Promise<string> {
  await makeAdministrator(bare, dataset.largest)
  const first = await fetch(`${url}/api/auth/csrf`)
  // The one cast: NextAuth's own response.
  const { csrfToken } = (await first.json()) as { readonly csrfToken: string }
  const answer = await fetch(`${url}/api/auth/callback/credentials`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: cookiesOf(first), origin: url },
    body: new URLSearchParams({ csrfToken, email, password, json: "true", callbackUrl: url }),
  })
  const cookies = cookiesOf(answer)
  if (!cookies.includes("auditorium.session"))
    throw new Error(`The bench could not sign in: ${answer.status}.`)
  return cookies
}

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map(cookie => cookie.split(";")[0])
    .join("; ")
}

async function makeAdministrator(bare: pg.Pool, organizationId: string): Promise<void> {
  const hash = await hashPassword(password)
  const person = await bare.query<{ id: string }>(
    `INSERT INTO public.person (id, email, name, password_hash) VALUES ($1, $2, 'Bench', $3)
     ON CONFLICT (email) DO UPDATE SET password_hash = excluded.password_hash RETURNING id`,
    [randomUUID(), email, hash],
  )
  const personId = person.rows[0]?.id
  const role = await bare.query<{ id: string }>(
    `INSERT INTO public.role (id, organization_id, name, built_in, permissions, app_ids) VALUES ($1, $2, 'Bench', false, $3, '{}')
     ON CONFLICT (organization_id, name) DO UPDATE SET permissions = excluded.permissions RETURNING id`,
    [randomUUID(), organizationId, ["LOG-MANAGEMENT"]],
  )
  await bare.query(
    "INSERT INTO public.membership (organization_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    [organizationId, personId],
  )
  await bare.query(
    "INSERT INTO public.membership_role (organization_id, person_id, role_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [organizationId, personId, role.rows[0]?.id],
  )
}
