import { Buffer } from "node:buffer"
import { createHash } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import * as os from "node:os"
import * as path from "node:path"
import { gunzipSync } from "node:zlib"
import S3rver from "s3rver"
import { type ArrivedRequest, type HttpPeer, type PeerAnswer, startHttpPeer } from "./http-peer"
import { isSignedWith, type S3Keys, signedBy } from "./s3-signature"

// A store in two parts. s3rver keeps the objects: keys, bytes and metadata are what a store written by others makes of them. It
// believes any signature, so what stands before it recomputes each with the signer of the AWS SDK, and refuses as documented at
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html,
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html and .../ErrorResponses.html.

/** What a test makes it do. All are read at each request. */
export interface StoreRules {
  keys: S3Keys
  region: string
  /** Larger objects get 400 EntityTooLarge. */
  mostBytes: number
  /** The answer to every PUT or HEAD, instead of its own; null = none. */
  reply: (request: ArrivedRequest) => PeerAnswer | null
}

export interface TestStore extends HttpPeer {
  readonly rules: StoreRules
  /** Paths of the objects in the order in which they were first stored. */
  readonly paths: readonly string[]
  /** Returns the lines of an object, read back from s3rver. */
  lines(path: string): Promise<readonly string[]>
}

export const bucket = "audit-copies"

/** Starts a store with one empty bucket. */
export async function startStore(keys: S3Keys): Promise<TestStore> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "auditorium-s3-"))
  const s3rver = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: bucket, configs: [] }],
  })
  const { port } = await s3rver.run()
  const rules: StoreRules = { keys, region: "eu-central-1", mostBytes: 64 * 1024 * 1024, reply: () => null }
  const paths: string[] = []
  const behind = (request: ArrivedRequest) => passOn(`http://127.0.0.1:${port}`, request)
  const peer = await startHttpPeer(
    async request => {
      const refused = rules.reply(request) ?? (await refusalOf(request, rules))
      if (refused !== null) return refused
      const answer = await behind(request)
      if (request.method === "PUT" && answer.status === 200 && !paths.includes(request.url))
        paths.push(request.url)
      return answer
    },
    said(503, "SlowDown", "Please reduce your request rate."),
  )
  return {
    ...peer,
    rules,
    paths,
    async lines(of) {
      const response = await fetch(`http://127.0.0.1:${port}${of}`)
      if (response.status !== 200) throw new Error(`${of}: ${response.status}`)
      return gunzipSync(Buffer.from(await response.arrayBuffer()))
        .toString("utf8")
        .trimEnd()
        .split("\n")
    },
    async close() {
      await peer.close()
      await s3rver.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function refusalOf(
  request: ArrivedRequest,
  { keys, region, mostBytes }: StoreRules,
): Promise<PeerAnswer | null> {
  const { method, headers, body, url } = request
  const signed = signedBy(request)
  if (signed === null) return said(403, "AccessDenied", "The request is not signed as documented")
  if (signed.accessKeyId !== keys.accessKeyId)
    return said(
      403,
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
    )
  if (signed.region !== region)
    return said(
      400,
      "AuthorizationHeaderMalformed",
      `The region '${signed.region}' is wrong; expecting '${region}'`,
    )
  if (Math.abs(Date.now() - signed.signedAt.getTime()) > 15 * 60_000)
    return said(
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
    )
  // Every header that means something must be signed.
  const meant = Object.keys(headers).filter(name => name === "host" || name.startsWith("x-amz-"))
  if (!meant.every(name => signed.signedHeaders.includes(name)))
    return said(403, "AccessDenied", "There were headers present in the request which were not signed")
  if (!(await isSignedWith(request, signed, keys)))
    return said(
      403,
      "SignatureDoesNotMatch",
      `The signature of ${method} ${url} with ${keys.secretAccessKey} is another one`,
    )
  if (headers["x-amz-content-sha256"] !== sha256(body, "hex"))
    return said(
      400,
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
  if (method === "PUT" && headers["x-amz-checksum-sha256"] !== sha256(body, "base64"))
    return said(400, "BadDigest", "The SHA256 you specified did not match the calculated checksum.")
  if (body.byteLength > mostBytes)
    return said(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size.")
  return null
}

function sha256(body: Buffer, encoding: "hex" | "base64"): string {
  return createHash("sha256").update(body).digest(encoding)
}

async function passOn(to: string, { method, url, headers, body }: ArrivedRequest): Promise<PeerAnswer> {
  const passed = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === "string" && /^(content-type|x-amz-meta-.*)$/.test(name) ? [[name, value] as const] : [],
  )
  // s3rver knows the bucket in the path only.
  const path = headers.host?.startsWith(`${bucket}.`) ? `/${bucket}${url}` : url
  const response = await fetch(`${to}${path}`, {
    method,
    headers: passed.map(([name, value]) => [name, value]),
    ...(method === "PUT" && { body: new Uint8Array(body) }),
  })
  const kept = [...response.headers].filter(([name]) => name === "etag" || name.startsWith("x-amz-"))
  const text = Buffer.from(await response.arrayBuffer())
  return { status: response.status, headers: Object.fromEntries(kept), body: text }
}

export function said(status: number, code: string, message: string): PeerAnswer {
  return {
    status,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  }
}
