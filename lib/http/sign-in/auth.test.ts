import { decode } from "next-auth/jwt"
import { beforeAll, describe, expect, test } from "vitest"
import { browser, http, https } from "@/lib/access/fixtures/browser"
import { principalOfSession } from "@/lib/access/principal"
import { execute } from "@/lib/operations/core/execute"
import { makeAccount, nobody, password, readLog } from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { mailedToken } from "@/lib/operations/sign-in/fixtures/mailed"
import { requestSignInLink } from "@/lib/operations/sign-in/link-requests"
import { db, platform } from "@/test/platform"
import { clearedSessionCookie, sessionIdOf } from "./auth"

setUpHome(beforeAll)

describe("cookies", () => {
  test.each([
    [http, "auditorium.session", false],
    [https, "__Host-auditorium.session", true],
  ])("at $baseUrl each one is out of reach of scripts and of other sites", async (env, name, secure) => {
    const { email } = await makeAccount(home)
    const chrome = browser(env)
    await chrome.signIn(email)
    expect(chrome.cookies.has(name)).toBe(true)
    expect(chrome.seen.length).toBeGreaterThanOrEqual(3)
    for (const cookie of chrome.seen) {
      const attributes = cookie
        .split("; ")
        .slice(1)
        .map(part => part.toLowerCase())
      expect(attributes, cookie).toEqual(expect.arrayContaining(["path=/", "httponly", "samesite=lax"]))
      expect(attributes.includes("secure"), cookie).toBe(secure)
      expect(cookie.startsWith("__Host-"), cookie).toBe(secure)
      expect(cookie.toLowerCase()).not.toContain("domain=")
    }
  })

  test("the cookie that takes the session's away has the same attributes", () => {
    expect(clearedSessionCookie(https)).toEqual({
      name: "__Host-auditorium.session",
      value: "",
      httpOnly: true,
      sameSite: "lax",
      path: "/",
      secure: true,
      maxAge: 0,
    })
  })

  test("the token carries the session's id and nothing else of meaning", async () => {
    const { email } = await makeAccount(home)
    const chrome = browser()
    await chrome.signIn(email)
    const sessionId = await sessionIdOf(chrome.headers(), http)
    expect(sessionId).toMatch(/^[\w-]{22}$/)
    await chrome.send("GET", "session")
    expect(await sessionIdOf(chrome.headers(), http)).toBe(sessionId)
    const token = chrome.cookies.get("auditorium.session") ?? ""
    expect(token).not.toContain(sessionId)
    await expect(decode({ token, secret: http.secret })).rejects.toThrow()
  })

  test("a token under another secret, changed, or of another cookie is nobody's", async () => {
    const { email } = await makeAccount(home)
    const chrome = browser()
    await chrome.signIn(email)
    const token = chrome.cookies.get("auditorium.session") ?? ""
    const of = (cookie: string, env = http) => sessionIdOf(new Headers({ cookie }), env)
    expect(await of(`auditorium.session=${token}`)).not.toBeNull()
    expect(await of(`auditorium.session=${token}`, { ...http, secret: `${http.secret}.` })).toBeNull()
    expect(await of(`auditorium.session=${token}`, https)).toBeNull()
    expect(await of(`auditorium.session=${token.slice(0, -4)}AAAA`)).toBeNull()
    expect(await of(`other=${token}`)).toBeNull()
    expect(await of("auditorium.session=")).toBeNull()
    expect(await sessionIdOf(new Headers(), http)).toBeNull()
  })

  test("scripts in the browser learn that there is a session, and neither whose nor which", async () => {
    const { email } = await makeAccount(home)
    const chrome = browser()
    await chrome.signIn(email)
    const response = await chrome.send("GET", "session")
    expect(Object.keys(await response.json())).toEqual(["expires"])
    expect(response.headers.get("cache-control")).toContain("no-store")
  })
})

describe("signing in", () => {
  test("with the right password works, and leads to an address on this site", async () => {
    const { email } = await makeAccount(home)
    const chrome = browser()
    const { response, error } = await chrome.signIn(email)
    expect([response.status, error]).toEqual([200, null])
    expect((await response.json()).url).toBe(`${http.baseUrl}/acme`)
    expect(await chrome.isSignedIn()).toBe(true)
  })

  test.each(["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"])(
    "never leads to %s",
    async callbackUrl => {
      const { email } = await makeAccount(home)
      const chrome = browser()
      const form = { email, password, csrfToken: await chrome.csrf(), callbackUrl, json: "true" }
      const text = await (await chrome.send("POST", "callback/credentials", form)).text()
      expect(text).not.toContain("evil.example")
      expect(text).not.toContain("alert")
    },
  )

  test("ends the session that the browser had before", async () => {
    const { email } = await makeAccount(home)
    const chrome = browser()
    await chrome.signIn(email)
    const before = chrome.headers()
    await chrome.signIn(email)
    const old = await principalOfSession(await sessionIdOf(before, http), null, {
      database: platform.database,
      at: new Date(),
    })
    expect(old.kind).toBe("anonymous")
    expect(await chrome.isSignedIn()).toBe(true)
  })

  test("is refused with 401, in words, and without a session", async () => {
    const { email } = await makeAccount(home)
    const chrome = browser()
    const { response, error } = await chrome.signIn(email, "a wrong password")
    expect([response.status, error]).toEqual([401, "The e-mail address or the password is wrong."])
    expect(chrome.cookies.has("auditorium.session")).toBe(false)
  })

  test("does not show by words, status, headers or time whether there is such a person", async () => {
    const { email } = await makeAccount(home)
    const known = await measured(() => browser().signIn(email, "a wrong password"))
    const unknown = await measured(() => browser().signIn("unknown@acme.example", "a wrong password"))
    expect(unknown.answer).toEqual(known.answer)
    // Longer than either of the two needs, so that both take the same time.
    expect(known.ms).toBeGreaterThanOrEqual(395)
    expect(unknown.ms).toBeGreaterThanOrEqual(395)
  })

  test("too often is answered with 429 and the seconds to wait", async () => {
    const { email } = await makeAccount(home)
    await Promise.all(Array.from({ length: 10 }, () => browser().signIn(email, "a wrong password")))
    const { response, error } = await browser().signIn(email)
    expect(response.status).toBe(429)
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(60)
    expect(error).toMatch(/^Too many attempts. Try again in \d+ minutes.$/)
  })

  test("needs the token that a page of ours was given", async () => {
    const { email } = await makeAccount(home)
    const chrome = browser()
    const response = await chrome.send("POST", "callback/credentials", {
      email,
      password,
      csrfToken: "x",
      json: "true",
    })
    expect(response.status).toBe(403)
    expect(new URL((await response.json()).url).searchParams.get("error")).toContain("cookie")
    expect(await chrome.isSignedIn()).toBe(false)
  })

  test("needs a request from our own pages", async () => {
    const { email } = await makeAccount(home)
    const chrome = browser()
    const form = { email, password, csrfToken: await chrome.csrf(), json: "true" }
    for (const foreign of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
      const headers = chrome.headers()
      for (const [name, value] of Object.entries(foreign)) headers.set(name, value)
      const response = await chrome.send("POST", "callback/credentials", form, headers)
      expect([response.status, response.headers.getSetCookie()]).toEqual([403, []])
    }
  })

  test("takes no body larger than a form can be", async () => {
    const chrome = browser()
    const form = { email: "x".repeat(20_000), password, csrfToken: await chrome.csrf() }
    expect((await chrome.send("POST", "callback/credentials", form)).status).toBe(413)
  })
})

describe("a mailed link", () => {
  const mailed = async (email: string) => {
    await execute(requestSignInLink, nobody(), { email })
    return mailedToken(email)
  }
  const follow = async (chrome: ReturnType<typeof browser>, token: string) =>
    chrome.send("POST", "callback/e-mail-link", { csrfToken: await chrome.csrf(), token, json: "true" })

  test("signs in by a form that is sent, once, with a new session in place of the old", async () => {
    const { email } = await makeAccount(home)
    const chrome = browser()
    await chrome.signIn(email)
    const before = await sessionIdOf(chrome.headers(), http)
    const token = await mailed(email)
    expect((await follow(chrome, token)).status).toBe(200)
    expect(await chrome.isSignedIn()).toBe(true)
    expect(await sessionIdOf(chrome.headers(), http)).not.toBe(before)
    const old = await principalOfSession(before, null, { database: platform.database, at: new Date() })
    expect(old.kind).toBe("anonymous")
    const other = browser()
    expect((await follow(other, token)).status).toBe(422)
    expect(await other.isSignedIn()).toBe(false)
  })

  test("is not used by opening an address, nor for another site, nor without our cookie", async () => {
    const { email } = await makeAccount(home)
    const token = await mailed(email)
    const chrome = browser()
    expect((await chrome.send("GET", `callback/e-mail-link?token=${token}`)).status).toBe(404)
    const csrfToken = await chrome.csrf()
    const foreign = chrome.headers()
    foreign.set("origin", "https://evil.example")
    foreign.set("sec-fetch-site", "cross-site")
    const form = { csrfToken, token, json: "true" }
    expect((await chrome.send("POST", "callback/e-mail-link", form, foreign)).status).toBe(403)
    const without = browser()
    expect((await without.send("POST", "callback/e-mail-link", form)).status).toBe(403)
    expect(await chrome.isSignedIn()).toBe(false)
    expect((await follow(chrome, token)).status).toBe(200)
  })

  test("that is unknown is refused in the words of one that was used", async () => {
    const { email } = await makeAccount(home)
    const token = await mailed(email)
    await follow(browser(), token)
    const answers = await Promise.all(
      [token, "x".repeat(43), ""].map(async tried => {
        const response = await follow(browser(), tried)
        return [response.status, await response.text()]
      }),
    )
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
    expect(decodeURIComponent(String(answers[0]?.[1]))).toContain("This link cannot be used")
  })
})

describe("signing out", () => {
  test("ends the session for good and takes the cookie away", async () => {
    const { email } = await makeAccount(home)
    const chrome = browser()
    await chrome.signIn(email)
    const kept = chrome.headers()
    const response = await chrome.send("POST", "signout", { csrfToken: await chrome.csrf(), json: "true" })
    expect(response.status).toBe(200)
    expect(chrome.cookies.get("auditorium.session")).toBe("")
    const stolen = await principalOfSession(await sessionIdOf(kept, http), null, {
      database: platform.database,
      at: new Date(),
    })
    expect(stolen.kind).toBe("anonymous")
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "user_session.delete",
      status: "success",
    })
  })

  test("does not happen at the wish of another site", async () => {
    const { email } = await makeAccount(home)
    const chrome = browser()
    await chrome.signIn(email)
    await chrome.send("POST", "signout", { csrfToken: "x", json: "true" })
    expect(await chrome.isSignedIn()).toBe(true)
  })
})

test.each([
  ["GET", "signin"],
  ["GET", "signout"],
  ["GET", "error"],
  ["GET", "callback/credentials"],
  ["POST", "_log"],
  ["POST", "session"],
  ["POST", "signin/credentials"],
  ["POST", "callback/other"],
] as const)("%s %s of NextAuth is not offered", async (method, path) => {
  expect((await browser().send(method, path, method === "POST" ? {} : undefined)).status).toBe(404)
})

// The fastest of three runs, to exclude other load on the machine.
async function measured(work: () => Promise<{ readonly response: Response; readonly error: string | null }>) {
  const runs = []
  for (let run = 0; run < 3; run += 1) {
    const startedAt = performance.now()
    const { response, error } = await work()
    const names = [...response.headers.keys()].sort()
    runs.push({ ms: performance.now() - startedAt, answer: { status: response.status, error, names } })
  }
  return { ms: Math.min(...runs.map(run => run.ms)), answer: runs[0]?.answer }
}
