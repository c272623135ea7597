import type { NextApiRequest, NextApiResponse } from "next"
import NextAuth, { type NextAuthOptions } from "next-auth"
import { readBody } from "@/lib/http/body"
import { callerOf } from "@/lib/http/caller"
import { rateOfAddress } from "@/lib/operations/events/sending-rate"
import { platform } from "@/lib/platform"

/** Collects NextAuth's response through the part of Next's old response object that it uses. */
interface Collector {
  readonly headers: Map<string, string | readonly string[]>
  readonly status: (code: number) => Collector
  readonly getHeader: (name: string) => string | readonly string[] | undefined
  readonly setHeader: (name: string, value: string | readonly string[]) => Collector
  readonly json: (value: unknown) => void
  readonly send: (value: unknown) => void
  readonly end: () => void
}

type Fields = Readonly<Record<string, string>>

/** Parts of the request that were already read, or must not reach NextAuth as they are. */
interface Given {
  readonly form?: Fields
  readonly query?: Fields
}

const form = { maximumBytes: 16 * 1024, mediaTypes: ["application/x-www-form-urlencoded"] } as const

/**
 * Returns NextAuth's response to a request. Called as from Next's old API routes: unlike its newer entry point, that one
 * leaves reading the body to us, so that it is bounded, and needs nothing of the framework, so that tests can call it.
 */
export async function callNextAuth(
  request: Request,
  action: readonly string[],
  options: NextAuthOptions,
  given: Given = {},
): Promise<Response> {
  const body = given.form ?? (request.method === "POST" ? await readForm(request) : {})
  const query = given.query ?? Object.fromEntries(new URL(request.url).searchParams)
  const asked = {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    cookies: readCookies(request.headers.get("cookie") ?? ""),
    query: { ...query, nextauth: action },
    body,
  }
  const answer = { status: 200, body: null as string | null }
  const collector = collect(answer)
  await call(asked, collector, options)
  const headers = new Headers({ "cache-control": "no-store" })
  for (const [name, value] of collector.headers) {
    for (const one of [value].flat()) headers.append(name, one)
  }
  return new Response(answer.body, { status: answer.status, headers })
}

// The two objects have everything of Next's that NextAuth uses here, and nothing else.
async function call(asked: object, collector: Collector, options: NextAuthOptions): Promise<void> {
  await NextAuth(asked as NextApiRequest, collector as unknown as NextApiResponse, options)
}

function collect(answer: { status: number; body: string | null }): Collector {
  const headers: Collector["headers"] = new Map()
  const collector: Collector = {
    headers,
    status: code => {
      answer.status = code
      return collector
    },
    getHeader: name => headers.get(name.toLowerCase()),
    setHeader: (name, value) => {
      headers.set(name.toLowerCase(), value)
      return collector
    },
    json: value => {
      headers.set("content-type", "application/json; charset=utf-8")
      answer.body = JSON.stringify(value)
    },
    send: value => {
      if (typeof value === "string") answer.body = value
      else collector.json(value ?? {})
    },
    end: () => {},
  }
  return collector
}

/** Returns the fields of a form body. Throws AppError for a body that is not a form, or too large. */
export async function readForm(request: Request): Promise<Fields> {
  const { bytes } = await readBody(
    request,
    form,
    rateOfAddress(platform().rates, callerOf(request.headers).source.ip),
  )
  return Object.fromEntries(new URLSearchParams(new TextDecoder().decode(bytes)))
}

function readCookies(header: string): Fields {
  const pairs = header.split(";").flatMap(part => {
    const separator = part.indexOf("=")
    if (separator === -1) return []
    return [[part.slice(0, separator).trim(), decoded(part.slice(separator + 1).trim())] as const]
  })
  return Object.fromEntries(pairs.reverse())
}

// NextAuth writes its cookies percent-encoded; others may hold anything.
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
