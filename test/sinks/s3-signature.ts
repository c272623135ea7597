import { createHash, createHmac } from "node:crypto"
import { SignatureV4 } from "@smithy/signature-v4"
import type { ArrivedRequest } from "./http-peer"

/** The SHA-256 of Node, as the signer of the AWS SDK asks for it. */
class Sha256 {
  private readonly hash

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    // The cast: Node takes all three as a key.
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as string)
  }

  update(data: Uint8Array): void {
    this.hash.update(data)
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest()
  }

  reset(): void {
    throw new Error("The signer has never reset it.")
  }
}

export interface S3Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

const form =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/

/** What a request says of its signature. */
export interface Signed {
  readonly accessKeyId: string
  readonly region: string
  readonly signedAt: Date
  readonly signedHeaders: readonly string[]
}

/** Returns what the headers say, or null when they are not those of a signed request. */
export function signedBy({ headers }: ArrivedRequest): Signed | null {
  const match = form.exec(headers.authorization ?? "")
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers["x-amz-date"]))
  if (match === null || date === null) return null
  const [, accessKeyId = "", day, region = "", names = ""] = match
  const [, year, month, dayOfMonth, hour, minute, second] = date
  if (day !== `${year}${month}${dayOfMonth}`) return null
  const signedAt = new Date(`${year}-${month}-${dayOfMonth}T${hour}:${minute}:${second}Z`)
  return { accessKeyId, region, signedAt, signedHeaders: names.split(";") }
}

/** Returns whether the signature is the one that the signer of the AWS SDK makes of the same request with these keys. */
export async function isSignedWith(request: ArrivedRequest, signed: Signed, keys: S3Keys): Promise<boolean> {
  const { method, url, headers } = request
  const [path = "", query = ""] = url.split("?")
  const signer = new SignatureV4({
    credentials: keys,
    region: signed.region,
    service: "s3",
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  })
  const names = signed.signedHeaders.filter(name => name !== "authorization")
  const again = await signer.sign(
    {
      method,
      protocol: "http:",
      hostname: headers.host ?? "",
      path,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: Object.fromEntries(names.map(name => [name, String(headers[name])])),
    },
    { signingDate: signed.signedAt, signableHeaders: new Set(names) },
  )
  const signature = (text: string | undefined) => /Signature=([0-9a-f]+)/.exec(text ?? "")?.[1]
  return signature(again.headers.authorization) === signature(headers.authorization)
}
