import { describe, expect, it } from "vitest"
import { compilePath, fitsPath, normalisePath, pathPatternFault } from "./paths"
import { ucpIgnored } from "./policy"

const ignores = (path: string) => {
  const read = normalisePath(path)
  return !read.isSuspicious && ucpIgnored.some(pattern => fitsPath(compilePath(pattern), read))
}

describe("the list of ignored endpoints", () => {
  it.each([
    ...ucpIgnored.map(pattern => pattern.replace("*", "")),
    "/_ping/",
    "//_ping//",
    "/v1.41/_ping",
    "/v1.41/info",
    "/v1/info/",
    "//v1.41///info",
    "/versions",
    "/version/extra",
    "/version?x=1",
    "/version/caf%c3%a9",
    "/version/caf%C3%A9%20x%3Ay",
    "/version/caf\u00e9",
    "/v1.41/version",
  ])("takes %s, whatever slashes and versions are around it", path => {
    expect(ignores(path)).toBe(true)
  })

  it.each([
    "/auth/login",
    "/cas",
    "/metrics/lock",
    "/INFO",
    "/_pin",
    "/debug/pprof",
    "/v1.41",
    "/v1.41/",
    "/v1/v1/info",
    "/x/info",
    "/",
    "",
  ])("does not take %s: a pattern is exact, and case counts", path => {
    expect(ignores(path)).toBe(false)
  })

  it.each([
    "/_ping/../secrets/create",
    "/_ping/%2e%2e/secrets",
    "/_ping/%2E./secrets",
    "/version/../secrets/create",
    "/version%2f..%2fsecrets",
    "/version%2F..%2Fsecrets",
    "/version/%252e%252e/secrets",
    "/version\\..\\secrets",
    "/version%5c..%5csecrets",
    "/version%5C..",
    "/version%00",
    "/version%0a",
    "/version/..;/secrets",
    "/version/.;x=1/..%3b/secrets",
    "/version/.%09./secrets",
    "/version/.\t./secrets",
    "/version#/../secrets",
    "/version/%zz",
    "/version/%",
    "/version/%c0%ae%c0%ae/secrets",
    "/version/%C0%AE%C0%AE/secrets",
    "/version/%E9",
    "/./_ping",
    "/x/../_ping",
    "/%5fping",
    "/%76ersion",
    "http://host/version",
    "_ping",
  ])("never takes %j: another reader may find another path in it", path => {
    expect(normalisePath(path).isSuspicious).toBe(true)
    expect(ignores(path)).toBe(false)
  })
})

describe("the encoding of one character", () => {
  it("is needless for exactly those that every reader takes as themselves", () => {
    for (let code = 0x20; code < 0x7f; code++) {
      const encoded = `/x/%${code.toString(16)}`
      const isTrap = ["/", "\\", "%"].includes(String.fromCharCode(code))
      const isPlain = /[A-Za-z0-9._~-]/.test(String.fromCharCode(code))
      for (const path of [encoded, encoded.toUpperCase().replace("X", "x")])
        expect([path, normalisePath(path).isSuspicious]).toEqual([path, isTrap || isPlain])
    }
  })
})

describe("a pattern", () => {
  const fits = (pattern: string, path: string) => fitsPath(compilePath(pattern), normalisePath(path))

  it.each([
    ["/secrets/{id}/update", "/secrets/abc/update"],
    ["/secrets/{id}/update", "/v1.41//secrets/abc/update/"],
    ["/a.b/{x}/c*", "/a.b/1/cde/f"],
    ["/*", "/anything/at/all"],
    ["/*", "/"],
    ["/", "/"],
    ["/v2/_catalog", "/v2/_catalog"],
    ["/v2/*", "/v2/team/image/manifests/latest"],
    ["/info/", "/info"],
    ["//info", "/info"],
    ["/caf\u00e9", "/caf%c3%a9"],
    ["/caf%C3%A9", "/caf\u00e9"],
    ["/a+b(c)", "/a+b(c)"],
  ])("%s matches %s", (pattern, path) => {
    expect(pathPatternFault(pattern)).toBeNull()
    expect(fits(pattern, path)).toBe(true)
  })

  it.each([
    ["/secrets/{id}/update", "/secrets//update"],
    ["/secrets/{id}/update", "/secrets/a/b/update"],
    ["/secrets/{id}", "/secrets"],
    ["/a.b", "/axb"],
    ["/{x}/info", "/v1.41/info"],
    ["/v2/_catalog", "/v1/_catalog"],
    ["/v2/_catalog", "/_catalog"],
    ["/v1.41/info", "/v1x41/info"],
    ["/debug/*", "/debugging"],
  ])("%s does not match %s", (pattern, path) => {
    expect(fits(pattern, path)).toBe(false)
  })

  it.each([
    "",
    "info",
    "*",
    "/a*b",
    "/a**",
    "/*/b",
    "/a?x",
    "/a#x",
    "/a/../b",
    "/./a",
    "/a{x}",
    "/{x}y/b",
    "/{}",
    "/{a/b}",
    "/a{b*",
    "/a b",
    "/a\\b",
    "/%2e",
    "/a%2fb",
  ])("is refused when it is %j", pattern => {
    expect(pathPatternFault(pattern)).toEqual(expect.any(String))
  })
})
