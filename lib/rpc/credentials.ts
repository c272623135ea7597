import { X509Certificate } from "node:crypto"
import { readFile } from "node:fs/promises"
import { createSecureContext } from "node:tls"
import { experimental, type ServerCredentials } from "@grpc/grpc-js"
import type { GrpcTlsSettings } from "@/lib/env/grpc"
import { log } from "@/lib/log"

/** A certificate with its chain, and its private key, in PEM. */
interface KeyPair {
  readonly certificate: Buffer
  readonly privateKey: Buffer
}

type Files = Omit<GrpcTlsSettings, "port">
type Listener = Parameters<experimental.CertificateProvider["addIdentityCertificateListener"]>[0]

/** The credentials of a server, as its files have them. */
export interface Credentials {
  readonly server: ServerCredentials
  /** Reads the files again; a pair that can be used replaces the one in use. Called by itself every few seconds. */
  look(): Promise<void>
  close(): void
}

/** A certificate that was renewed is in use after this time at the latest. */
const lookEveryMs = 10_000

/**
 * Returns the credentials in the files. Files that change are read again, for connections that begin afterwards; when they
 * cannot be used, the pair that was in use stays and the log says why. Throws an Error that names the variable when they
 * cannot be used at the start.
 */
export async function credentialsIn(files: Files, everyMs = lookEveryMs): Promise<Credentials> {
  let current = await readPair(files)
  let refused: string | null = null
  const listeners = new Set<Listener>()

  const look = async () => {
    const read = await readPair(files).catch(problemOf)
    if (typeof read === "string") {
      // Once for each reason: it may stay for days.
      if (read !== refused) log.error("rpc.certificate_refused", { problem: read })
      refused = read
      return
    }
    refused = null
    if (read.certificate.equals(current.certificate) && read.privateKey.equals(current.privateKey)) return
    current = read
    for (const listener of listeners) listener(current)
    log.info("rpc.certificate_replaced", { validTo: new X509Certificate(current.certificate).validTo })
  }

  const provider: experimental.CertificateProvider = {
    addCaCertificateListener: () => {},
    removeCaCertificateListener: () => {},
    addIdentityCertificateListener: listener => {
      listeners.add(listener)
      process.nextTick(() => listener(current))
    },
    removeIdentityCertificateListener: listener => void listeners.delete(listener),
  }
  const timer = setInterval(look, everyMs).unref()
  return {
    // Its first argument is where the certificate comes from, whatever its declaration calls it.
    server: experimental.createCertificateProviderServerCredentials(provider, null, false),
    look,
    close: () => clearInterval(timer),
  }
}

async function readPair({ certificateFile, keyFile }: Files): Promise<KeyPair> {
  const [certificate, privateKey] = await Promise.all([
    readNamed("GRPC_TLS_CERT", certificateFile),
    readNamed("GRPC_TLS_KEY", keyFile),
  ])
  try {
    new X509Certificate(certificate)
  } catch {
    throw new Error(`GRPC_TLS_CERT: ${certificateFile} is no certificate in PEM.`)
  }
  try {
    createSecureContext({ cert: certificate, key: privateKey })
  } catch {
    throw new Error(`GRPC_TLS_KEY: ${keyFile} is no private key of the certificate in ${certificateFile}.`)
  }
  return { certificate, privateKey }
}

async function readNamed(variable: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown"
    throw new Error(`${variable}: ${file} cannot be read (${code}).`)
  }
}

function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
