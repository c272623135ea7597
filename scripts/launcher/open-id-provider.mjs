// @ts-check
// A real OpenID provider on this machine, for tests: anybody can sign in as any person by name alone.
import { generateKeyPairSync } from "node:crypto"
import { createServer } from "node:http"
import Provider from "oidc-provider"

/**
 * @typedef {object} Person
 * @property {string} email
 * @property {boolean} email_verified
 * @property {string} name
 * @property {readonly string[]} [groups]
 */

/**
 * @typedef {object} Running
 * @property {string} issuer
 * @property {string} clientId
 * @property {string} clientSecret
 * @property {() => Promise<void>} stop
 */

export const clientId = "auditorium"
export const clientSecret = "a secret that only tests know"

/**
 * Starts the provider. `person` returns the claims for a login name.
 * @param {{ readonly redirectUri: string, readonly person: (login: string) => Person, readonly issuer?: string }} given
 * @returns {Promise<Running>}
 */
export async function startOpenIdProvider({ redirectUri, person, issuer: called }) {
  const server = createServer()
  await new Promise(resolve => server.listen(0, "127.0.0.1", () => resolve(undefined)))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const issuer = called ?? `http://127.0.0.1:${port}`
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        // A native client may return to any port of this machine (RFC 8252): the console's is known only later.
        application_type: "native",
        redirect_uris: [redirectUri],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig" }] },
    scopes: ["openid", "email", "profile", "groups"],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
    cookies: { keys: ["a key for the cookies of a provider in tests"] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, ...person(id) }) }),
  })
  server.on("request", provider.callback())
  const stop = () =>
    new Promise(resolve => {
      server.close(() => resolve(undefined))
      server.closeAllConnections()
    })
  return { issuer, clientId, clientSecret, stop }
}

/**
 * Returns the claims that an email stands for: `unverified-...` is not verified, `engineer-...` is in a group.
 * @param {string} login
 * @returns {Person}
 */
export function personByAddress(login) {
  return {
    email: login,
    email_verified: !login.startsWith("unverified-"),
    name: "Olivia Open",
    groups: login.startsWith("engineer-") ? ["engineering"] : [],
  }
}
