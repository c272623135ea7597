import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"

/** A private key and its certificate, in PEM. */
export interface CertifiedKey {
  readonly key: string
  readonly cert: string
}

/** An authority that no machine trusts by itself. */
export interface TestAuthority {
  /** Its certificate, in PEM. */
  readonly ca: string
  /** Returns a key and a certificate for these names and ips (`localhost`, `127.0.0.1`), valid today unless `days` is negative. */
  issue(names: readonly string[], days?: number): CertifiedKey
}

/** Returns whether certificates can be made here. Says so when they cannot, for tests that are then left out. */
export function canMakeCertificates(): boolean {
  const isThere = spawnSync("openssl", ["version"]).status === 0
  if (!isThere) process.stderr.write("Tests of TLS are left out: there is no openssl on this machine.\n")
  return isThere
}

/** Returns a new authority. The system's openssl makes the keys. */
export function makeAuthority(name = "Test Authority"): TestAuthority {
  const inFolder = <Result>(work: (folder: string) => Result): Result => {
    const folder = mkdtempSync(path.join(tmpdir(), "auditorium-certificates-"))
    try {
      return work(folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const openssl = (folder: string, ...args: string[]) =>
    execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] })
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
  const authority = inFolder(folder => {
    openssl(
      folder,
      "req",
      "-x509",
      ...newKey,
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      "key.pem",
      "-out",
      "ca.pem",
    )
    return read(folder, "ca.pem")
  })
  return {
    ca: authority.cert,
    issue: (names, days = 2) =>
      inFolder(folder => {
        writeFileSync(path.join(folder, "ca.pem"), authority.cert)
        writeFileSync(path.join(folder, "ca-key.pem"), authority.key)
        writeFileSync(path.join(folder, "names"), `subjectAltName=${names.map(alternative).join(",")}\n`)
        openssl(folder, "req", ...newKey, "-subj", "/CN=test", "-keyout", "key.pem", "-out", "request.pem")
        const signed = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-extfile", "names"]
        openssl(
          folder,
          "x509",
          "-req",
          "-in",
          "request.pem",
          ...signed,
          "-days",
          String(days),
          "-out",
          "cert.pem",
        )
        return read(folder, "cert.pem")
      }),
  }
}

function alternative(name: string): string {
  return /^[\d.]+$|:/.test(name) ? `IP:${name}` : `DNS:${name}`
}

function read(folder: string, certificate: string): CertifiedKey {
  const text = (file: string) => readFileSync(path.join(folder, file), "utf8")
  return { key: text("key.pem"), cert: text(certificate) }
}
