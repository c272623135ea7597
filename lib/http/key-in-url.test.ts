import { randomBytes } from "node:crypto"
import { expect, test } from "vitest"
import { makeApiKey } from "@/lib/access/keys/api-keys"
import { bearer } from "@/lib/access/keys/key-scheme"
import { refuseKeyInUrl } from "./key-in-url"

test.each([
  "key=x",
  "api_key=x",
  "apiKey=x",
  "access_token=x",
  "token=x",
  `text=${makeApiKey(randomBytes).key}`,
])("a key in the address (%s) is refused, with the scheme to use instead", query => {
  const keyed = new URL(`http://localhost/api/v1/events?${query}`)
  expect(() => refuseKeyInUrl(keyed, bearer)).toThrow(/never in the address/)
  expect(() => refuseKeyInUrl(keyed, { ...bearer, usage: "the trailer" })).toThrow(
    /^Send the API key in the trailer, /,
  )
})

test("a search for the readable beginning of a key is a search like any other", () => {
  const search = new URL("http://localhost/api/v1/events?text=aud_live_AbCd")
  expect(() => refuseKeyInUrl(search, bearer)).not.toThrow()
})
