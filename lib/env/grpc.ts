/** Where gRPC is served. */
export interface GrpcSettings {
  /** The port without TLS; null = off. */
  readonly port: number | null
  /** Null = off. */
  readonly tls: GrpcTlsSettings | null
}

/** A port with TLS, and its two PEM files as absolute paths. */
export interface GrpcTlsSettings {
  readonly port: number
  readonly certificateFile: string
  readonly keyFile: string
}

interface GrpcValues {
  readonly port: number
  readonly tlsPort: number
  readonly certificateFile: string | undefined
  readonly keyFile: string | undefined
}

/** Returns the settings for valid values; a port of 0 is off. */
export function grpcSettings({ port, tlsPort, certificateFile, keyFile }: GrpcValues): GrpcSettings {
  const hasTls = tlsPort !== 0 && certificateFile !== undefined && keyFile !== undefined
  return { port: port === 0 ? null : port, tls: hasTls ? { port: tlsPort, certificateFile, keyFile } : null }
}

const ports = [
  ["PORT", "3000"],
  ["GRPC_PORT", "0"],
  ["GRPC_TLS_PORT", "0"],
] as const

/** Returns what does not fit together: two servers on one port, and a port with TLS without its files. */
export function problemsOfGrpc(
  given: (name: string) => string | undefined,
): { name: string; message: string }[] {
  const taken = ports
    .map(([name, standard]) => ({ name, port: Number(given(name) ?? standard) }))
    .filter(({ port }) => port > 0)
  const shared = taken.flatMap(({ name, port }, at) => {
    const other = taken.slice(0, at).find(one => one.port === port)
    return other ? [{ name, message: `is the same port as ${other.name}; give each its own` }] : []
  })
  if (!taken.some(({ name }) => name === "GRPC_TLS_PORT")) return shared
  const missing = ["GRPC_TLS_CERT", "GRPC_TLS_KEY"]
    .filter(name => given(name) === undefined)
    .map(name => ({ name, message: "is not set, but GRPC_TLS_PORT is; expected a PEM file" }))
  return [...shared, ...missing]
}
